import { afterAll, beforeAll, expect, test } from 'vitest'
import { trafficMeter } from '../../../gateway/limits/traffic-meter.ts'
import { goLive } from '../../../partners/go-live.ts'
import { customerSchema, operationsSchema, partnerSchema } from '../../../schema/graphs.ts'
import { useWorld } from '../../support/database.ts'
import { accessToken, askPartnerGraph, credentials, registerClient } from '../clients.ts'
import { startGateway, type TestGateway } from '../gateway.ts'

const world = useWorld()
const meters: ReturnType<typeof trafficMeter>[] = []
let gateways: readonly TestGateway[]
beforeAll(async () => {
  const start = () => {
    const traffic = trafficMeter(world.context)
    meters.push(traffic)
    const schemas = { partner: partnerSchema, customer: customerSchema, operations: operationsSchema }
    return startGateway(world, { parts: { ...schemas, traffic } })
  }
  gateways = await Promise.all([start(), start()])
})
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.close()))
})

test('two processes count what a partner asked, what was refused, and what came a second time', async () => {
  const [one, two] = gateways
  if (one === undefined || two === undefined) throw new Error('there are two')
  const client = await registerClient(one.context)
  await goLive(one.context, { partner: client.partner })
  const token = await accessToken(one, client)
  const ask = async (gateway: TestGateway, query: string) =>
    (await askPartnerGraph(gateway, await credentials(client, token), { query })).status
  for (const gateway of [one, two, one, two]) expect(await ask(gateway, '{ me { code } }')).toBe(200)
  await ask(one, '{ nothing }')
  await ask(two, '{ webhooks { id } }')
  const again = await credentials(client, token)
  expect((await askPartnerGraph(one, again, { query: '{ me { code } }' })).status).toBe(200)
  expect((await askPartnerGraph(two, again, { query: '{ me { code } }' })).status).toBe(401)
  await expect.poll(() => sums(meters)).toMatchObject([{ requests: '7', refused: '2', throttled: '0', replays: '1' }])
})

async function sums(all: readonly ReturnType<typeof trafficMeter>[]) {
  await Promise.all(all.map((meter) => meter.flush()))
  return world.owner`
    select sum(requests) as requests, sum(refused) as refused, sum(throttled) as throttled, sum(replays) as replays
    from partner_traffic`
}
