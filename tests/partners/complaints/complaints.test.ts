import { beforeAll, expect, it } from 'vitest'
import { eraseElsewhere } from '../../../app/erase-elsewhere.ts'
import { PROJECTORS } from '../../../app/projectors.ts'
import { eraseCustomer } from '../../../customers/erase-customer.ts'
import type { Context } from '../../../database/context.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import { assignComplaint } from '../../../partners/complaints/assign-complaint.ts'
import { complain } from '../../../partners/complaints/complain.ts'
import type { Complaint } from '../../../partners/complaints/complaint.ts'
import { decideComplaint } from '../../../partners/complaints/decide-complaint.ts'
import { listComplaints, listOwnComplaints } from '../../../partners/complaints/list-complaints.ts'
import { requireComplaint } from '../../../partners/complaints/require-complaint.ts'
import { countUpheldComplaints } from '../../../partners/complaints/store/complaints.ts'
import { takeComplaint } from '../../../partners/complaints/take-complaint.ts'
import { withdrawComplaint, withdrawOwnComplaint } from '../../../partners/complaints/withdraw-complaint.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { customer, defineCatalogue, grant, liveParty, type Party } from '../../customers/factories.ts'
import { useWorld } from '../../support/database.ts'
import { as, once } from '../assessments/scene.ts'
import { livePartner, recordsNaming } from '../factories.ts'

const world = useWorld()
let party: Party
let self: Context
let ann: Context
let ben: Context

beforeAll(async () => {
  const { context } = world
  await defineCatalogue(context)
  party = await liveParty(context)
  self = { ...context, actor: 'customer:self' }
  ;[ann, ben] = [as(context, 'ann'), as(context, 'ben')]
})

const SAID = 'They called me\r\nthree times about a fund.'

async function sharing(): Promise<string> {
  const account = await customer(world.owner)
  await grant(world.context, party, account)
  return account
}

function complaintOf(accountKey: string, more: object = {}): Parameters<typeof complain>[1] {
  return { accountKey, partner: party.partner.code, category: 'CONDUCT', text: SAID, ...once(), ...more }
}

async function working(complaint: Complaint): Promise<Complaint> {
  return assignComplaint(ann, { complaint: complaint.id, to: 'ben', ...once() })
}

const verdict = (complaint: Complaint) =>
  ({
    complaint: complaint.id,
    outcome: 'UPHELD',
    answer: 'You are right.',
    remedy: 'No more calls.',
    ...once(),
  }) as const

it('a customer complains, is answered within fifteen days, and the log names nobody in the clear', async () => {
  const account = await sharing()
  const input = complaintOf(account)
  const made = await complain(self, input)
  expect(made).toMatchObject({ status: 'RECEIVED', takenBy: 'customer:self', words: { said: SAID.replace('\r', '') } })
  expect(made.dueAt.getTime() - made.receivedAt.getTime()).toBe(15 * 86_400_000)
  expect(await complain(self, input)).toEqual(made)
  await expect(complain(self, { ...input, text: 'other' })).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
  await expect(decideComplaint(ann, verdict(made))).rejects.toMatchObject({ code: 'WRONG_STATE' })
  const assigned = await assignComplaint(ann, { complaint: made.id, to: 'ben', severity: 'HIGH', ...once() })
  expect(assigned).toMatchObject({ status: 'WORKING', severity: 'HIGH', assignedTo: 'staff:ben' })
  const decided = await decideComplaint(ann, verdict(made))
  expect(decided).toMatchObject({ status: 'UPHELD', decidedBy: 'staff:ann', version: 3 })
  const words = { said: SAID.replace('\r', ''), answer: 'You are right.', remedy: 'No more calls.' }
  expect(decided.words).toEqual(words)
  expect((await listOwnComplaints(self, { accountKey: account }, { first: 5 })).edges[0]?.node.words).toEqual(words)
  for (const past of [working(made), withdrawComplaint(ann, { complaint: made.id, ...once() })]) {
    await expect(past).rejects.toMatchObject({ code: 'WRONG_STATE' })
  }
  const records = await recordsNaming(world.context, { kind: 'complaint', id: made.id })
  expect(records).toHaveLength(3)
  const told = JSON.stringify(records)
  for (const secret of ['three times', 'right', account, uuidOf(customerOf(made))]) expect(told).not.toContain(secret)
  const [row] = await world.owner`select words from complaints where id = ${uuidOf(made.id)}`
  expect(row?.['words'].toString('latin1')).not.toContain('three times')
  expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
})

it('a partner that a customer shares nothing with is none, and so is another’s complaint', async () => {
  const account = await sharing()
  const { partner: stranger } = await livePartner(world.context)
  const answers = [stranger.code, 'nobody', party.partner.id].map((partner) =>
    complain(self, complaintOf(account, { partner })),
  )
  const refused = await Promise.allSettled([...answers, complain(self, complaintOf('no-such-account'))])
  const told = refused.map((one) => (one.status === 'rejected' ? [one.reason.code, one.reason.message] : 'taken'))
  expect(new Set(told.map(String)).size).toBe(1)
  expect(told[0]).toEqual(['NOT_FOUND', expect.any(String)])
  const made = await complain(self, complaintOf(account))
  const other = { accountKey: await sharing(), complaint: made.id, ...once() }
  await expect(withdrawOwnComplaint(self, other)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const own = { accountKey: account, complaint: made.id, ...once() }
  expect(await withdrawOwnComplaint(self, own)).toMatchObject({ status: 'WITHDRAWN', decidedBy: 'customer:self' })
  await expect(complain(self, complaintOf(account, { text: '\u0007' }))).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  })
  await expect(complain(self, complaintOf(account, { text: 'x'.repeat(2001) }))).rejects.toMatchObject({
    field: 'text',
  })
})

it('ten of a customer are open, when thirteen come at once, and one more once one has ended', async () => {
  const account = await sharing()
  const sent = await Promise.allSettled(Array.from({ length: 13 }, () => complain(self, complaintOf(account))))
  const made = sent.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  expect(made).toHaveLength(10)
  for (const one of sent) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'WRONG_STATE' })
  await withdrawOwnComplaint(self, { accountKey: account, complaint: made[0]?.id ?? '', ...once() })
  expect(await complain(self, complaintOf(account))).toMatchObject({ status: 'RECEIVED' })
})

it('what the staff took in another person decides, once, when five do at once', async () => {
  const { context } = world
  const { partner: other } = await livePartner(context)
  const taken = { partner: party.partner.code, category: 'SERVICE', text: 'slow', ...once() } as const
  const made = await takeComplaint(ann, { ...taken, complainingPartner: other.code })
  expect(made).toMatchObject({ complainant: { kind: 'PARTNER', partner: other.id }, takenBy: 'staff:ann' })
  await working(made)
  await expect(decideComplaint(ann, verdict(made))).rejects.toMatchObject({ code: 'FORBIDDEN' })
  const people = Array.from({ length: 5 }, (_, at) => as(context, `person-${at}`))
  const asked = await Promise.allSettled(people.map((one) => decideComplaint(one, verdict(made))))
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const one of asked) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'WRONG_STATE' })
  const wrong = [
    [{ ...taken, complainingPartner: party.partner.code }, 'INVALID_INPUT'],
    [{ ...taken, complainingPartner: other.code, customer: 'a' }, 'INVALID_INPUT'],
    [{ ...taken, customer: 'no-such-account' }, 'NOT_FOUND'],
    [{ ...taken, partner: 'nobody' }, 'NOT_FOUND'],
  ] as const
  for (const [input, code] of wrong) {
    await expect(takeComplaint(ann, { ...input, ...once() })).rejects.toMatchObject({ code })
  }
  await expect(takeComplaint({ ...context, actor: 'system:worker' }, taken)).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
  const { edges } = await listComplaints(context, { partner: party.partner.code, status: 'UPHELD', page: { first: 1 } })
  expect(edges.map(({ node }) => node.id)).toEqual([made.id])
})

it('the words go with the customer, while somebody answers, and the complaint is decided still', async () => {
  for (let round = 0; round < 4; round++) {
    const account = await sharing()
    const made = await working(await complain(self, complaintOf(account)))
    const late = await working(await complain(self, complaintOf(account)))
    const [answered, erased] = await Promise.allSettled([
      decideComplaint(ben, verdict(made)),
      eraseCustomer(world.context, { accountKey: account, reason: 'asked for' }, eraseElsewhere),
    ])
    expect(erased.status).toBe('fulfilled')
    if (answered.status === 'rejected') expect(answered.reason).toMatchObject({ code: 'WRONG_STATE' })
    expect(await requireComplaint(world.context, made.id)).toMatchObject({ words: undefined })
    expect(await decideComplaint(ben, verdict(late))).toMatchObject({ status: 'UPHELD', words: undefined })
  }
  const blanked = world.context.database.transaction(
    (tx) => tx`update complaints set words = null where words is not null`,
  )
  await expect(blanked).rejects.toThrow(/was not erased/)
  expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
})

it('counts what came in, was upheld and was answered late within a span', async () => {
  const { partner } = await livePartner(world.context)
  const take = async () =>
    working(await takeComplaint(ann, { partner: partner.id, category: 'DATA', text: 'x', ...once() }))
  const [upheld, rejected, open, withdrawn] = [await take(), await take(), await take(), await take()]
  await decideComplaint(ben, verdict(upheld))
  await decideComplaint(ben, { ...verdict(rejected), outcome: 'REJECTED' })
  await withdrawComplaint(ann, { complaint: withdrawn.id, ...once() })
  const now = Date.now()
  const span = { from: new Date(now - 3_600_000), to: new Date(now + 3_600_000) }
  const { reads } = world.context.database
  expect(await countUpheldComplaints(reads, partner.id, span)).toEqual({ received: 4, upheld: 1, overdue: 0 })
  const past = [upheld, open, withdrawn].map(({ id }) => uuidOf(id))
  await world.owner`
    update complaints set received_at = received_at - interval '16 days', due_at = clock_timestamp() - interval '10 minutes',
      decided_at = decided_at - case when status = 'WITHDRAWN' then interval '1 day' else interval '0' end
    where id = any (${past}::text[]::uuid[])`
  expect(await countUpheldComplaints(reads, partner.id, span)).toEqual({ received: 1, upheld: 1, overdue: 2 })
  const before = { from: new Date(now - 7_200_000), to: span.from }
  expect(await countUpheldComplaints(reads, partner.id, before)).toEqual({ received: 0, upheld: 0, overdue: 0 })
})

function customerOf({ complainant }: Complaint) {
  if (complainant.kind !== 'CUSTOMER' || complainant.customer === undefined) throw new Error('a customer complained')
  return complainant.customer
}
