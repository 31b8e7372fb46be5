import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_ALARMS } from '../../../customers/alarms/alarm-settings.ts'
import { alarmStatus } from '../../../customers/alarms/alarm-status.ts'
import type { Alert } from '../../../customers/alarms/alert.ts'
import { assignAlert } from '../../../customers/alarms/assign-alert.ts'
import { closeAlert } from '../../../customers/alarms/close-alert.ts'
import { listAlerts } from '../../../customers/alarms/list-alerts.ts'
import { alertProjector } from '../../../customers/alarms/project-alerts.ts'
import type { QuotaPorts } from '../../../customers/alarms/quota-ports.ts'
import { watchReads } from '../../../customers/alarms/watch-reads.ts'
import type { Consent } from '../../../customers/consent.ts'
import { openDatabase } from '../../../database/client.ts'
import type { Context } from '../../../database/context.ts'
import { newId, uuidOf } from '../../../kernel/ids.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { recordsNaming } from '../../partners/factories.ts'
import { behindGuards } from '../../support/behind-guards.ts'
import { contextOver, useWorld } from '../../support/database.ts'
import { customer, defineCatalogue, grant, liveParty, type Party } from '../factories.ts'
import { age, allCommitted, discloseTo } from './reads.ts'

const world = useWorld()
const settings = { ...DEFAULT_ALARMS, hourCustomers: 50, dayCustomers: 200, weekFirstReads: 60, dayMisses: 40 }
let party: Party
let consent: Consent
let asked: object[] = []

const quotas: QuotaPorts = {
  lowerQuota: async (_context, _tx, input) => void asked.push(input),
  restoreQuota: async (_context, _tx, input) => void asked.push(input),
}

beforeAll(() => defineCatalogue(world.context))

beforeEach(async () => {
  asked = []
  world.clock.set(new Date().toISOString())
  party = await liveParty(world.context)
  consent = await grant(world.context, party, await customer(world.owner))
})

function ann(): Context {
  return { ...world.context, actor: 'staff:ann' }
}

async function look(context: Context = world.context): Promise<void> {
  await allCommitted(world.owner)
  while ((await watchReads(context, { settings, quotas })) > 0);
}

async function alerts(): Promise<readonly Alert[]> {
  const { edges } = await listAlerts(world.context, { partner: party.partner.id, page: { first: 100 } })
  return edges.map(({ node }) => node)
}

/** A partner that has read twenty customers a day for a month, at one hour. */
async function usualMonth(): Promise<void> {
  for (let day = 30; day >= 1; day--) await discloseTo(world.owner, party, { hoursAgo: day * 24, from: 0, to: 20 })
}

describe('what partners read', () => {
  test('is counted as it was, however many count at once and in whatever portions', async () => {
    const watchers = [1, 2].map((n) => openDatabase(world.address, `tributary:tests:watcher${n}`, 3))
    let done = false
    const watching = watchers.map(async (database) => {
      while (!done) await watchReads(contextOver(database, world.clock), { settings, quotas })
    })
    await age(world.owner, consent, 30)
    for (let hoursAgo = 40; hoursAgo >= 0; hoursAgo--) {
      const from = (hoursAgo * 7) % 23
      const under = hoursAgo % 2 === 0 ? consent : undefined
      await discloseTo(world.owner, party, { hoursAgo, from, to: from + 30, consent: under })
      await discloseTo(world.owner, party, { hoursAgo, from: 0, to: hoursAgo % 5, outcome: 'nothing' })
    }
    done = true
    await Promise.all(watching)
    await look()
    await Promise.all(watchers.map((database) => database.close()))
    const partner = uuidOf(party.partner.id)
    const zone = settings.timeZone
    const counted = await world.owner`
      select hour, reads, misses, customers, day_customers, old_customers, first_reads, clients
      from read_hours where partner_id = ${partner} order by hour`
    const expected = await world.owner`
      with reads as (
        select *, date_trunc('hour', at, 'UTC') as hour, (at at time zone ${zone})::date as day from disclosures
        where partner_id = ${partner}
      ), given as (
        select distinct on (customer_id, hour) customer_id, hour, day, consent_id = ${uuidOf(consent.id)} as old
        from reads where outcome = 'disclosed' order by customer_id, hour
      ), placed as (
        select *, row_number() over (partition by customer_id, day order by hour) = 1 as is_new_day,
               row_number() over (partition by customer_id order by hour) = 1 as is_first from given
      )
      select r.hour, count(*)::int as reads, count(*) filter (where outcome = 'nothing')::int as misses,
        (select count(*)::int from placed p where p.hour = r.hour) as customers,
        (select count(*)::int from placed p where p.hour = r.hour and is_new_day) as day_customers,
        (select count(*)::int from placed p where p.hour = r.hour and is_new_day and old) as old_customers,
        (select count(*)::int from placed p where p.hour = r.hour and is_first and old) as first_reads,
        array_agg(distinct client_id) as clients
      from reads r group by r.hour order by r.hour`
    expect(counted).toHaveLength(41)
    expect([...counted]).toEqual([...expected])
  })

  test('of a transaction that commits late is not passed over', async () => {
    await allCommitted(world.owner)
    await look()
    const late = Promise.withResolvers<void>()
    const wrote = Promise.withResolvers<void>()
    const writing = world.context.database.transaction(async (tx) => {
      await tx`
        insert into disclosures (id, at, partner_id, client_id, subject, purpose, tags, outcome, request_id)
        values (${uuidOf(newId('dis'))}::uuid, now(), ${uuidOf(party.partner.id)}, gen_random_uuid(), 's', 'P', '{}', 'nothing', 'r')`
      wrote.resolve()
      await late.promise
    })
    await wrote.promise
    await discloseTo(world.owner, party, { hoursAgo: 0, from: 0, to: 3 })
    expect(await watchReads(world.context, { settings, quotas })).toBe(0)
    late.resolve()
    await writing
    await look()
    const [row] = await world.owner`
      select sum(reads)::int as reads from read_hours where partner_id = ${uuidOf(party.partner.id)}`
    expect(row).toEqual({ reads: 4 })
  })

  test('is not counted on with another server’s transactions', async () => {
    const [head] = await world.owner<{ tx_id: string }[]>`select tx_id::text from read_watch_head`
    await world.owner`update read_watch_head set tx_id = (pg_current_xact_id()::text::numeric + 1000000)::text::xid8`
    await expect(watchReads(world.context, { settings, quotas })).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await world.owner`update read_watch_head set tx_id = ${head?.tx_id ?? '0'}::text::xid8`
  })
})

describe('an alert', () => {
  test('is opened for an export far above what is usual, lowers the quota, and is told anew when it has grown', async () => {
    await usualMonth()
    await look()
    expect(await alerts()).toEqual([])
    await discloseTo(world.owner, party, { hoursAgo: 0, from: 0, to: 80 })
    await look()
    const [opened] = await alerts()
    expect(opened).toMatchObject({
      ...{ kind: 'BULK_EXPORT', status: 'OPEN', span: 'HOUR', measured: 80, expected: 20, allowed: 60, version: 1 },
      ...{ clients: [party.client.id], assignee: undefined, closed: undefined, quota: { permille: 100 } },
    })
    expect(asked).toEqual([
      {
        ...{ partner: party.partner.id, permille: 100, until: opened?.quota?.until },
        reason: `unusual reads are looked at (${opened?.id})`,
      },
    ])
    await discloseTo(world.owner, party, { hoursAgo: 0, from: 80, to: 90 })
    await look()
    expect(await alerts()).toEqual([opened])
    await discloseTo(world.owner, party, { hoursAgo: 0, from: 90, to: 200 })
    await look()
    expect(await alerts()).toMatchObject([{ id: opened?.id, status: 'OPEN', measured: 200, version: 2 }])
    expect(asked).toHaveLength(2)
    expect(await alarmStatus(world.context)).toMatchObject({ open: 1, unassigned: 1, oldestSeconds: 0 })
  })

  test('is opened for slow scraping below every limit of an hour and a day', async () => {
    await usualMonth()
    await look()
    await age(world.owner, consent, 60)
    const foundOn: number[] = []
    for (let day = 0; day < 2; day++) {
      // forty a day, who consented long ago and were never read: less than an hour's floor
      await discloseTo(world.owner, party, {
        hoursAgo: 24 - day * 24,
        from: 100 + day * 40,
        to: 140 + day * 40,
        consent,
      })
      await look()
      if ((await alerts()).length > 0) foundOn.push(day)
    }
    expect(foundOn).toEqual([1])
    expect(await alerts()).toMatchObject([{ kind: 'SLOW_SCRAPING', span: 'WEEK', measured: 80, allowed: 60 }])
  })

  test('is opened for many reads that get nothing', async () => {
    await discloseTo(world.owner, party, { hoursAgo: 0, from: 0, to: 100, outcome: 'nothing' })
    await look()
    expect(await alerts()).toMatchObject([{ kind: 'MANY_MISSES', measured: 100, expected: 0 }])
  })

  test('is not opened for what was long ago', async () => {
    await discloseTo(world.owner, party, { hoursAgo: 72, from: 0, to: 900 })
    await look()
    expect(await alerts()).toEqual([])
  })

  test('is assigned and closed by a person for a reason, gives the quota back, and is not opened anew at once', async () => {
    await discloseTo(world.owner, party, { hoursAgo: 0, from: 0, to: 60 })
    await look()
    const id = (await alerts())[0]?.id ?? ''
    const closing = { alert: id, resolution: 'EXPLAINED', reason: 'an audit of theirs', idempotencyKey: 'c' } as const
    await expect(closeAlert(world.context, closing, quotas)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const assignment = { alert: id, to: 'bo', idempotencyKey: 'a' }
    expect(await assignAlert(ann(), assignment)).toMatchObject({ assignee: 'staff:bo', version: 2 })
    expect(await assignAlert(ann(), assignment)).toMatchObject({ version: 2 })
    await expect(assignAlert(ann(), { ...assignment, to: 'a b' })).rejects.toMatchObject({ field: 'to' })
    const closed = await closeAlert(ann(), closing, quotas)
    expect(closed).toMatchObject({
      ...{ status: 'CLOSED', version: 3 },
      closed: { by: 'staff:ann', resolution: 'EXPLAINED', reason: 'an audit of theirs' },
    })
    expect(await closeAlert(ann(), closing, quotas)).toEqual(closed)
    expect(asked[1]).toMatchObject({ partner: party.partner.id, loweredFor: 'unusual reads are looked at' })
    await expect(closeAlert(ann(), { ...closing, idempotencyKey: 'd' }, quotas)).rejects.toMatchObject({
      code: 'WRONG_STATE',
    })
    await discloseTo(world.owner, party, { hoursAgo: 0, from: 60, to: 70 })
    await look()
    expect(await alerts()).toHaveLength(1)
    await discloseTo(world.owner, party, { hoursAgo: 0, from: 70, to: 200 })
    await look()
    expect(await alerts()).toHaveLength(2)
  })

  test('keeps the quota low while another is open, and after an incident', async () => {
    await discloseTo(world.owner, party, { hoursAgo: 0, from: 0, to: 60 })
    await discloseTo(world.owner, party, { hoursAgo: 0, from: 0, to: 100, outcome: 'nothing' })
    await look()
    const [second, first] = await alerts()
    const close = (alert: Alert | undefined, resolution: 'EXPLAINED' | 'INCIDENT') =>
      closeAlert(ann(), { alert: alert?.id ?? '', resolution, reason: 'seen', idempotencyKey: `${alert?.id}` }, quotas)
    await close(first, 'EXPLAINED')
    await close(second, 'INCIDENT')
    expect(asked).toHaveLength(2)
    expect(asked.every((input) => 'permille' in input)).toBe(true)
  })

  test('stands in records for us alone, of which the table is a projection', async () => {
    const verify = () => verifyProjections(world.context, { projectors: [alertProjector] })
    expect(await verify()).toEqual([])
    const kept = await world.owner<{ kinds: string; partners: number }[]>`
      select string_agg(distinct body::jsonb #>> '{data,event}', ' ' order by body::jsonb #>> '{data,event}') as kinds,
             count(partner_id)::int as partners
      from records where kind = 'alert'`
    expect([...kept]).toEqual([{ kinds: 'ASSIGNED CLOSED OPENED RAISED', partners: 0 }])
    const [{ id } = { id: '' }] = await world.owner<{ id: string }[]>`select id from alerts limit 1`
    expect(await recordsNaming(world.context, { kind: 'alert', id: `alr_${id.replaceAll('-', '')}` })).not.toEqual([])
    await behindGuards(world.owner, `update alerts set measured = measured + 1 where id = '${id}'`)
    expect(await verify()).toEqual([expect.objectContaining({ what: 'its measured is not what its records say' })])
    await behindGuards(world.owner, `update alerts set measured = measured - 1 where id = '${id}'`)
    await expect(world.owner.unsafe('delete from alerts')).rejects.toThrow(/never changed or removed/)
    await expect(
      world.context.database.transaction((tx) => tx`update alerts set reason = 'x' where status = 'CLOSED'`),
    ).rejects.toThrow(/has ended/)
  })
})
