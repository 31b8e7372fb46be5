import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROGRAMME } from '../../../app/demo/demo-plan.ts'
import { addDays, monthSpan } from '../../../kernel/month.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { exported, hledgerBalances, ourBalances } from '../../ledger/journal/eyes.ts'
import { useWorld } from '../../support/database.ts'
import { type Ecosystem, openEcosystem } from './ecosystem.ts'

const world = useWorld()
let folder: string
let ecosystem: Ecosystem

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-year-'))
  ecosystem = await openEcosystem(world, folder)
}, 120_000)

afterAll(() => rm(folder, { recursive: true }))

test('twelve months are closed one after another, and at every step statements, journal and hledger agree', {
  timeout: 600_000,
}, async () => {
  const { plan, tell } = ecosystem
  let since = plan.since
  for (const month of plan.months) {
    const { to } = monthSpan(month, PROGRAMME.timeZone)
    world.clock.set(addDays(to, 2))
    await tell(since, addDays(to, 2))
    since = addDays(to, 2)
    const closed = await closePeriod(world.context, { programme: PROGRAMME.code, month })
    console.log(
      month,
      closed.statements,
      closed.facts,
      closed.earned,
      closed.clawbacks,
      closed.payout,
      closed.lateFacts,
    )
    await agree()
  }
})

async function agree(): Promise<void> {
  expect(await hledgerBalances(await exported(world.context, 'hledger'))).toEqual(await ourBalances(world.context))
}
