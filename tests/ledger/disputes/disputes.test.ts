import { beforeAll, describe, expect, test } from 'vitest'
import { listDisclosures } from '../../../customers/list-disclosures.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { newId, uuidOf } from '../../../kernel/ids.ts'
import { approveAdjustment } from '../../../ledger/adjustments/approve-adjustment.ts'
import { listAdjustments } from '../../../ledger/adjustments/list-adjustments.ts'
import { acceptStatement } from '../../../ledger/disputes/accept-statement.ts'
import { type AnswerDisputeInput, answerDispute } from '../../../ledger/disputes/answer-dispute.ts'
import type { Dispute } from '../../../ledger/disputes/dispute.ts'
import { disputeStatement } from '../../../ledger/disputes/dispute-statement.ts'
import { listDisputes } from '../../../ledger/disputes/list-disputes.ts'
import { withdrawDispute } from '../../../ledger/disputes/withdraw-dispute.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { listStatementLines } from '../../../ledger/settlement/list-statement-lines.ts'
import { findRecords } from '../../../records/find-records.ts'
import { useWorld } from '../../support/database.ts'
import { lastOf, linesOf } from '../settlement/corrections/scene.ts'
import { freshCode, liveMember } from '../settlement/scene.ts'
import { as, consentTo, DISPUTE_ENDS_AT, defineSettlement, dispute, type Issued, issued, LAST_MOMENT } from './scene.ts'

const world = useWorld()

beforeAll(() => defineSettlement(world))

const key = (): string => freshCode('key')

async function heldOf({ statement }: Issued): Promise<string | undefined> {
  const [row] = await world.owner<{ held: string }[]>`
    select held from statement_disputes where statement_id = ${uuidOf(statement.id)}`
  return row?.held
}

async function statusOf({ member }: Issued): Promise<string> {
  return (await lastOf(world, member)).status
}

function answer({ id }: Dispute, what: Partial<AnswerDisputeInput> = {}, actor: Actor = 'staff:ann'): Promise<Dispute> {
  const input = { dispute: id, upheld: false, answer: 'it is as agreed', idempotencyKey: key(), ...what }
  return answerDispute(as(world, actor), input)
}

function accept({ member, statement }: Issued, what: object = {}) {
  const input = { statement: statement.id, idempotencyKey: key(), ...what }
  return acceptStatement(as(world, `partner:${member.partner}`), { caller: member, ...input })
}

function withdraw({ member }: Issued, { id }: Dispute): Promise<Dispute> {
  return withdrawDispute(as(world, `partner:${member.partner}`), { caller: member, dispute: id, idempotencyKey: key() })
}

describe('a partner disputes', () => {
  test('a rule: what it gave is held, and the statement waits for an answer', async () => {
    const scene = await issued(world)
    const opened = await dispute(world, scene, { rules: [1] })
    expect(opened).toMatchObject({ status: 'OPEN', held: 600n, rules: [1], lines: [], asset: 'CNY/2' })
    expect(opened).toMatchObject({ openedBy: `partner:${scene.member.partner}`, number: scene.statement.number })
    expect(await statusOf(scene)).toBe('DISPUTED')
    expect(await heldOf(scene)).toBe('600')
  })

  test('lines that it may see: their money is held, and naming them is disclosed', async () => {
    const scene = await issued(world)
    const [line] = await linesOf(world, scene.statement)
    await consentTo(world, scene.member, scene.customers[0] ?? '')
    const opened = await dispute(world, scene, { lines: [line?.id ?? '', line?.id ?? ''] })
    expect(opened).toMatchObject({ held: 100n, lines: [line?.id] })
    const { edges } = await listDisclosures(world.context, { accountKey: scene.customers[0] ?? '' }, { first: 10 })
    expect(edges.map(({ node }) => [node.purpose, node.outcome])).toEqual([['SETTLEMENT', 'disclosed']])
  })

  test('no line that it may not see: what is held would tell what it earned', async () => {
    const scene = await issued(world)
    const [line] = await linesOf(world, scene.statement)
    const message = `${scene.statement.number} has no such line that its partner may see`
    for (const unseen of [line?.id ?? '', newId('pol')]) {
      const naming = dispute(world, scene, { lines: [unseen] })
      await expect(naming).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'lines', message })
    }
    expect(await statusOf(scene)).toBe('ISSUED')
  })

  test('the whole of it, or an amount, of which no more than the payout is held', async () => {
    const [whole, part, nothing, all] = [
      await issued(world),
      await issued(world),
      await issued(world),
      await issued(world),
    ]
    expect(await dispute(world, whole)).toMatchObject({ held: 600n, rules: [], lines: [] })
    expect(await dispute(world, part, { amount: '1.25' })).toMatchObject({ held: 125n })
    expect(await dispute(world, nothing, { amount: '0' })).toMatchObject({ held: 0n })
    expect(await dispute(world, all, { rules: [1], amount: '1000' })).toMatchObject({ held: 600n })
  })

  test('by the statement’s number, too, and the same again under its key has one effect', async () => {
    const scene = await issued(world)
    const asked = { statement: scene.statement.number, rules: [1], idempotencyKey: key() }
    const opened = await dispute(world, scene, asked)
    expect(await dispute(world, scene, asked)).toEqual(opened)
    const other = dispute(world, scene, { ...asked, reason: 'another' })
    await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
    const { edges } = await listDisputes(world.context, { statement: scene.statement.id, page: { first: 10 } })
    expect(edges).toHaveLength(1)
  })

  test('through the staff, who are named', async () => {
    const { statement } = await issued(world)
    const input = { statement: statement.number, rules: [1], reason: 'they called', idempotencyKey: key() }
    expect(await disputeStatement(as(world, 'staff:ann'), input)).toMatchObject({ openedBy: 'staff:ann', held: 600n })
    await expect(disputeStatement(world.context, { ...input, idempotencyKey: key() })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
  })

  test('several parts, each once', async () => {
    const scene = await issued(world)
    const [first, second] = await linesOf(world, scene.statement)
    for (const customer of scene.customers) await consentTo(world, scene.member, customer)
    await dispute(world, scene, { lines: [first?.id ?? ''] })
    await dispute(world, scene, { lines: [second?.id ?? ''] })
    expect(await heldOf(scene)).toBe('300')
    for (const again of [{ lines: [first?.id ?? ''] }, { rules: [1] }, {}]) {
      await expect(dispute(world, scene, again)).rejects.toMatchObject({ code: 'WRONG_STATE', field: 'statement' })
    }
  })
})

describe('a dispute is refused', () => {
  test.each<[what: object, code: string, field: string | undefined]>([
    [{ rules: [2] }, 'NOT_FOUND', 'rules'],
    [{ rules: [0] }, 'INVALID_INPUT', 'rules.0'],
    [{ rules: [1.5] }, 'INVALID_INPUT', 'rules.0'],
    [{ lines: ['x'] }, 'NOT_FOUND', 'lines'],
    [{ amount: '-1' }, 'INVALID_INPUT', 'amount'],
    [{ amount: '1.234' }, 'INVALID_INPUT', undefined],
    [{ amount: '9'.repeat(30) }, 'INVALID_INPUT', 'amount'],
    [{ reason: ' ' }, 'INVALID_INPUT', 'reason'],
    [{ reason: 'a\nb' }, 'INVALID_INPUT', 'reason'],
    [{ statement: 'sta_1' }, 'NOT_FOUND', 'statement'],
    [{ statement: 'a\u0000b' }, 'NOT_FOUND', 'statement'],
    [{ idempotencyKey: '' }, 'INVALID_INPUT', 'idempotencyKey'],
    [{ more: 1 }, 'INVALID_INPUT', 'more'],
  ])('that is none: %j', async (change, code, field) => {
    const scene = await issued(world)
    await expect(dispute(world, scene, change)).rejects.toMatchObject({ code, ...(field && { field }) })
    expect(await statusOf(scene)).toBe('ISSUED')
  })

  test('of another partner’s statement as of one that does not exist', async () => {
    const scene = await issued(world)
    const stranger = { ...(await liveMember(world.context, [])), scopes: scene.member.scopes }
    for (const statement of [scene.statement.id, scene.statement.number, newId('sta'), 'spring-x-2026-02']) {
      const foreign = dispute(world, { member: stranger, statement: scene.statement }, { statement })
      const message = `there is no statement ${JSON.stringify(statement)}`
      await expect(foreign).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'statement', message })
    }
  })

  test('to a client without the scope', async () => {
    const scene = await issued(world)
    const reader = { ...scene.member, scopes: new Set(['statements:read' as const]) }
    await expect(dispute(world, { ...scene, member: reader })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(accept({ ...scene, member: reader })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test('from the instant its days are over, by the clock', async () => {
    const scene = await issued(world)
    const late = await issued(world)
    world.clock.set(LAST_MOMENT)
    await dispute(world, scene)
    world.clock.set(DISPUTE_ENDS_AT)
    await expect(dispute(world, late)).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  test('of what is accepted', async () => {
    const scene = await issued(world)
    expect(await accept(scene)).toMatchObject({ status: 'ACCEPTED' })
    await expect(dispute(world, scene)).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })
})

describe('a statement is accepted', () => {
  test('by its partner, once, and not while it is disputed', async () => {
    const scene = await issued(world)
    const opened = await dispute(world, scene, { amount: '1' })
    await expect(accept(scene)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await withdraw(scene, opened)
    expect(await accept(scene)).toMatchObject({ status: 'ACCEPTED' })
    expect(await accept(scene)).toMatchObject({ status: 'ACCEPTED' })
  })

  test('as its own alone', async () => {
    const scene = await issued(world)
    const stranger = { ...(await liveMember(world.context, [])), scopes: scene.member.scopes }
    await expect(accept({ ...scene, member: { ...stranger } })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await statusOf(scene)).toBe('ISSUED')
  })

  test('when its last dispute is closed', async () => {
    const scene = await issued(world)
    const [first, second] = await linesOf(world, scene.statement)
    for (const customer of scene.customers) await consentTo(world, scene.member, customer)
    const one = await dispute(world, scene, { lines: [first?.id ?? ''] })
    const two = await dispute(world, scene, { lines: [second?.id ?? ''] })
    await answer(one)
    expect([await statusOf(scene), await heldOf(scene)]).toEqual(['DISPUTED', '200'])
    expect(await withdraw(scene, two)).toMatchObject({ status: 'WITHDRAWN' })
    expect([await statusOf(scene), await heldOf(scene)]).toEqual(['ACCEPTED', undefined])
  })
})

describe('finance answers', () => {
  test('and rejects: the statement stays, and what was held can be paid', async () => {
    const scene = await issued(world)
    const opened = await dispute(world, scene)
    const answered = await answer(opened)
    expect(answered).toMatchObject({ status: 'REJECTED', answer: 'it is as agreed', closedBy: 'staff:ann' })
    const { status, rules: _, ...now } = await lastOf(world, scene.member)
    expect(status).toBe('ACCEPTED')
    expect(scene.statement).toMatchObject({ ...now, status: 'ISSUED' })
  })

  test('and upholds: an adjustment is proposed, which another person approves, and the next month gives it', async () => {
    const scene = await issued(world)
    const opened = await dispute(world, scene, { rules: [1] })
    const answered = await answer(opened, { upheld: true, amount: '12.30', answer: 'you are right' })
    const { edges } = await listAdjustments(world.context, { programme: scene.programme, page: { first: 10 } })
    const reason = `${scene.statement.number}: you are right`
    expect(edges.map(({ node }) => node)).toMatchObject([
      { id: answered.adjustment, minor: 1230n, status: 'PROPOSED', proposedBy: 'staff:ann', reason },
    ])
    const approval = { adjustment: answered.adjustment ?? '', idempotencyKey: key() }
    await expect(approveAdjustment(as(world, 'staff:ann'), approval)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await approveAdjustment(as(world, 'staff:bo'), approval)
    world.clock.set('2026-04-02T00:00:00Z')
    await closePeriod(world.context, { programme: scene.programme, month: '2026-03' })
    expect(await lastOf(world, scene.member)).toMatchObject({ month: '2026-03', earned: 1230n, payout: 1230n })
  })

  test('and may uphold without money', async () => {
    const opened = await dispute(world, await issued(world))
    expect(await answer(opened, { upheld: true })).toMatchObject({ status: 'UPHELD', adjustment: undefined })
  })

  test('as a person alone, once, with an amount only of what is upheld', async () => {
    const scene = await issued(world)
    const opened = await dispute(world, scene)
    await expect(answer(opened, {}, 'system:tests')).rejects.toMatchObject({ code: 'FORBIDDEN' })
    for (const bad of [{ amount: '1' }, { upheld: true, amount: '0' }, { upheld: true, amount: '-1' }]) {
      await expect(answer(opened, bad)).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'amount' })
    }
    await expect(answer({ ...opened, id: newId('dsp') })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await answer(opened)
    await expect(answer(opened)).rejects.toMatchObject({ code: 'WRONG_STATE', field: 'dispute' })
    await expect(withdraw(scene, opened)).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })
})

test('another partner’s dispute is withdrawn as little as one that does not exist', async () => {
  const scene = await issued(world)
  const opened = await dispute(world, scene)
  const member = { ...(await liveMember(world.context, [])), scopes: scene.member.scopes }
  const message = 'there is no such dispute'
  await expect(withdraw({ ...scene, member }, opened)).rejects.toMatchObject({ code: 'NOT_FOUND', message })
  await expect(withdraw({ ...scene, member }, { ...opened, id: newId('dsp') })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message,
  })
  expect((await listDisputes(world.context, { partner: member.partner, page: { first: 1 } })).edges).toEqual([])
})

test('a partner may have the records of its answers, and of those to them', async () => {
  const scene = await issued(world)
  await answer(await dispute(world, scene))
  const rows = await world.owner<{ id: string; kind: string }[]>`
    select 'rec_' || replace(r.id::text, '-', '') as id, r.kind from records r
    where r.kind = 'dispute' and r.partner_id = ${uuidOf(scene.member.partner)}`
  expect(rows).toHaveLength(2)
  const ids = rows.map(({ id }) => id as `rec_${string}`)
  expect(await findRecords(world.context, { ids, partner: scene.member.partner })).toHaveLength(2)
  expect(await findRecords(world.context, { ids, partner: newId('ptr') })).toHaveLength(0)
})

test('what is disputed is shown as it was: no line is added, and none goes', async () => {
  const scene = await issued(world)
  await dispute(world, scene, { rules: [1] })
  const page = { first: 10 }
  const { edges } = await listStatementLines(world.context, { statement: scene.statement.id, page })
  expect(edges.map(({ node }) => node.minor)).toEqual([100n, 200n, 300n])
})
