import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../../database/client.ts'
import type { Context } from '../../../database/context.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import { acceptSilent } from '../../../ledger/disputes/accept-silent.ts'
import { acceptStatement } from '../../../ledger/disputes/accept-statement.ts'
import { answerDispute } from '../../../ledger/disputes/answer-dispute.ts'
import { disputeStatement } from '../../../ledger/disputes/dispute-statement.ts'
import { withdrawDispute } from '../../../ledger/disputes/withdraw-dispute.ts'
import { contextOver, useWorld } from '../../support/database.ts'
import { lastOf } from '../settlement/corrections/scene.ts'
import { freshCode } from '../settlement/scene.ts'
import { as, DISPUTE_ENDS_AT, dispute, type Issued, issued, LAST_MOMENT } from './scene.ts'

const world = useWorld()
let other: Database

beforeAll(() => {
  other = openDatabase(world.address, 'tributary:tests:other', 4)
})
afterAll(() => other.close())

const key = (): string => freshCode('key')
const elsewhere = (actor: Actor): Context => ({ ...contextOver(other, world.clock), actor })

function refusals(ends: readonly PromiseSettledResult<unknown>[]): readonly string[] {
  return ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.code] : []))
}

const ROUNDS = [1, 2, 3, 4, 5, 6]

describe('of those who answer at once, on two connections, one is heard', () => {
  test.each(ROUNDS)('accept and dispute, round %i', async () => {
    const { member, statement } = await issued(world)
    const actor = `partner:${member.partner}` as const
    const asked = { statement: statement.id, caller: member }
    const ends = await Promise.allSettled([
      acceptStatement(as(world, actor), { ...asked, idempotencyKey: key() }),
      disputeStatement(elsewhere(actor), { ...asked, reason: 'no', idempotencyKey: key() }),
    ])
    expect(refusals(ends)).toEqual(['WRONG_STATE'])
    const { status } = await lastOf(world, { ...member })
    expect(status).toBe(ends[0]?.status === 'fulfilled' ? 'ACCEPTED' : 'DISPUTED')
  })

  test.each(ROUNDS)('two answers and a withdrawal, round %i', async () => {
    const scene = await issued(world)
    const { id } = await dispute(world, scene)
    const given = { dispute: id, upheld: true, amount: '1', answer: 'yes' }
    const ends = await Promise.allSettled([
      answerDispute(as(world, 'staff:ann'), { ...given, idempotencyKey: key() }),
      answerDispute(elsewhere('staff:bo'), { ...given, idempotencyKey: key() }),
      withdrawDispute(elsewhere(`partner:${scene.member.partner}`), {
        ...{ dispute: id, caller: scene.member, idempotencyKey: key() },
      }),
    ])
    expect(refusals(ends)).toEqual(['WRONG_STATE', 'WRONG_STATE'])
    const [adjustments] = await world.owner`
      select count(*)::integer as n from adjustments where agreement_id = ${uuidOf(scene.statement.agreement)}`
    expect(adjustments).toEqual({ n: ends[2]?.status === 'fulfilled' ? 0 : 1 })
  })

  test('the same dispute twice, under one key, has one effect', async () => {
    const { member, statement } = await issued(world)
    const actor = `partner:${member.partner}` as const
    const asked = { statement: statement.id, caller: member, reason: 'no', idempotencyKey: key() }
    const opened = await Promise.all([
      disputeStatement(as(world, actor), asked),
      disputeStatement(elsewhere(actor), asked),
    ])
    expect(opened[0]).toEqual(opened[1])
  })
})

describe('silence', () => {
  async function accepted({ statement }: Issued) {
    return world.owner<{ reason: string; accepted_by: string }[]>`
      select reason, accepted_by from statement_acceptances where statement_id = ${uuidOf(statement.id)}`
  }

  test('is written down as acceptance once the days to dispute are over, and once', async () => {
    const [silent, disputed] = [await issued(world), await issued(world)]
    await dispute(world, disputed)
    world.clock.set(LAST_MOMENT)
    await acceptSilent(world.context)
    expect((await lastOf(world, silent.member)).status).toBe('ISSUED')
    world.clock.set(DISPUTE_ENDS_AT)
    const counts = await Promise.all([acceptSilent(world.context), acceptSilent(elsewhere('system:server'))])
    expect(counts[0] + counts[1]).toBeGreaterThanOrEqual(1)
    expect(await acceptSilent(world.context)).toBe(0)
    expect((await lastOf(world, silent.member)).status).toBe('ACCEPTED')
    expect(await accepted(silent)).toEqual([{ reason: 'SILENCE', accepted_by: 'system:worker' }])
    expect((await lastOf(world, disputed.member)).status).toBe('DISPUTED')
    expect(await accepted(disputed)).toEqual([])
  })
})
