import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Duties, PARTNER_DUTIES } from '../../../partners/duties.ts'
import { PARTNER_STATUSES } from '../../../partners/partner.ts'
import { queueEvents } from '../../../partners/webhooks/queue-events.ts'
import { defineCatalogue } from '../../customers/factories.ts'
import { sealAll } from '../../records/sealed-log.ts'
import { useWorld } from '../../support/database.ts'
import { startRealGateway } from '../attacks/real-gateway.ts'
import type { TestGateway } from '../gateway.ts'
import { canWithdraw, DOORS } from './doors.ts'
import { tried } from './scene.ts'

const world = useWorld()
let gateway: TestGateway
beforeAll(async () => {
  gateway = await startRealGateway(world)
  await defineCatalogue(gateway.context)
  // the first turn of all begins at the end of the log
  await sealAll(world.context, world.owner)
  await queueEvents(world.context)
})
afterAll(() => gateway.close())

it.each(PARTNER_STATUSES)(
  'every door opens for a partner that is %s as the table of duties says, and its customer can withdraw',
  async (status) => {
    const scene = await tried(world, gateway, status)
    expect(await canWithdraw(scene)).toBe(true)
    const found: Partial<Record<keyof Duties, boolean>> = {}
    for (const duty of Object.keys(DOORS) as (keyof Duties)[]) found[duty] = await DOORS[duty](scene)
    await scene.receiver.close()
    expect(found).toEqual(PARTNER_DUTIES[status])
  },
)
