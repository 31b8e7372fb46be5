import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import { holdLines, type Line, setHeads } from './heads.ts'

/** How far the log was read; nothing before the first turn. */
export async function selectCursor(sql: Reader): Promise<number | undefined> {
  const [row] = await sql<{ seq: string }[]>`select seq from webhook_cursor`
  return row && Number(row.seq)
}

/** Takes the turn of reading the log: one process at a time. Says how far it was read; nothing when somebody else reads. */
export async function takeCursor(tx: Transaction, head: number): Promise<number | undefined> {
  await tx`insert into webhook_cursor (seq) values (${head}::bigint) on conflict do nothing`
  const [row] = await tx<{ seq: string }[]>`select seq from webhook_cursor for update skip locked`
  return row && Number(row.seq)
}

export async function moveCursor(tx: Transaction, seq: number): Promise<void> {
  await tx`update webhook_cursor set seq = ${seq}::bigint`
}

/** A message to whichever endpoints of a partner want it. */
export type NewMessage = {
  readonly seq: number
  readonly partner: Id<'ptr'>
  readonly type: string
  readonly about: string | undefined
  readonly orderKey: string
  readonly body: string
  readonly recordedAt: string
}

/**
 * Queues messages, each for the endpoints of its partner that were there when it happened and want its type. Ids follow
 * from the place in the log and the endpoint, so that what is queued twice is there once.
 */
export async function insertDeliveries(tx: Transaction, messages: readonly NewMessage[]): Promise<void> {
  if (messages.length === 0) return
  await holdLines(tx, { partners: messages.map(({ partner }) => partner) })
  const rows = await tx<LineRow[]>`
    insert into webhook_deliveries (id, endpoint_id, partner_id, seq, type, about, order_key, body)
    select encode(substr(sha256(convert_to(m.seq || ':' || e.id, 'UTF8')), 1, 16), 'hex')::uuid,
           e.id, e.partner_id, m.seq, m.type, m.about, m.order_key, m.body
    from json_to_recordset(${JSON.stringify(messages.map(rowOf))}::json)
      as m (seq bigint, partner_id uuid, type text, about text, order_key text, body text, recorded_at timestamptz)
    join webhook_endpoints e on e.partner_id = m.partner_id and e.status = 'ACTIVE' and m.type = any (e.types)
      and e.created_at <= m.recorded_at
    on conflict on constraint webhook_deliveries_pkey do nothing
    returning endpoint_id, order_key`
  await setHeads(tx, rows.map(lineOf))
}

type LineRow = { readonly endpoint_id: string; readonly order_key: string }

function lineOf({ endpoint_id, order_key }: LineRow): Line {
  return { endpoint: endpoint_id, orderKey: order_key }
}

function rowOf({ seq, partner, type, about, orderKey, body, recordedAt }: NewMessage): object {
  return { seq, partner_id: uuidOf(partner), type, about, order_key: orderKey, body, recorded_at: recordedAt }
}

/** Under which subjects partners know the customers of consents. */
export async function selectSubjects(
  tx: Transaction,
  consents: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx<{ consent_id: string; subject: string }[]>`
    select consent_id, subject from consent_subjects
    where consent_id = any (${consents.map((id) => uuidOf(id as Id<'cns'>))}::text[]::uuid[])`
  return new Map(rows.map(({ consent_id, subject }) => [idOf('cns', consent_id), subject]))
}

/** A message that is to be sent now. */
export type DueMessage = {
  readonly id: Id<'evt'>
  readonly endpoint: Id<'whe'>
  readonly partner: Id<'ptr'>
  readonly url: string
  readonly type: string
  readonly body: string
  readonly attempts: number
}

/**
 * Takes messages that are due, for so long that they can be sent: up to `most`, a few of each endpoint, of each order key
 * the first that waits, those that are due the longest. Whoever dies with one leaves it to the next, when its time is over: it may arrive twice.
 */
export async function leaseMessages(
  tx: Transaction,
  { most, ofEach, seconds }: { readonly most: number; readonly ofEach: number; readonly seconds: number },
): Promise<readonly DueMessage[]> {
  const rows = await tx<
    {
      id: string
      endpoint_id: string
      partner_id: string
      url: string
      type: string
      body: string
      attempts: number
    }[]
  >`
    with due as (
      select f.id from webhook_endpoints e
      join partner_duties p on p.partner_id = e.partner_id and p.webhooks
      cross join lateral (
        select d.id from webhook_deliveries d
        where d.endpoint_id = e.id and d.status = 'PENDING' and d.head and d.next_at <= now()
        order by d.next_at limit ${ofEach}) f
      where e.status = 'ACTIVE'
    ), taken as (
      select d.id from webhook_deliveries d join due on due.id = d.id
      where d.status = 'PENDING' and d.head and d.next_at <= now()
      order by d.next_at limit ${most} for update of d skip locked
    )
    update webhook_deliveries d
    set next_at = now() + make_interval(secs => ${seconds}), first_sent_at = coalesce(d.first_sent_at, now()),
        attempts = d.attempts + 1
    from taken, webhook_endpoints e
    where d.id = taken.id and e.id = d.endpoint_id
    returning d.id, d.endpoint_id, d.partner_id, e.url, d.type, d.body, d.attempts`
  return rows.map(({ id, endpoint_id, partner_id, ...rest }) => ({
    ...{ id: idOf('evt', id), endpoint: idOf('whe', endpoint_id), partner: idOf('ptr', partner_id) },
    ...rest,
  }))
}

/** What became of an attempt. */
export type Attempt = Pick<DueMessage, 'id' | 'endpoint' | 'attempts'> & Outcome

type Outcome =
  | { readonly outcome: 'taken' }
  | { readonly outcome: 'later'; readonly error: string; readonly seconds: number }
  | { readonly outcome: 'dead'; readonly error: string }

/** Writes down what became of an attempt; what another process has sent meanwhile is that one's to tell of, unless this one was taken. */
export async function markAttempt(tx: Transaction, attempt: Attempt): Promise<void> {
  const own = attempt.outcome === 'taken' ? tx`` : tx`and attempts = ${attempt.attempts}`
  const where = tx`where id = ${uuidOf(attempt.id)} and status = 'PENDING' ${own}`
  switch (attempt.outcome) {
    case 'taken':
      return endMessage(
        tx,
        attempt,
        tx`
        update webhook_deliveries set status = 'DELIVERED', delivered_at = now(), last_error = null ${where}`,
      )
    case 'later':
      await tx`
        update webhook_deliveries
        set next_at = now() + make_interval(secs => ${attempt.seconds}), last_error = ${attempt.error} ${where}`
      return
    case 'dead':
      return endMessage(
        tx,
        attempt,
        tx`
        update webhook_deliveries set status = 'DEAD', last_error = ${attempt.error} ${where}`,
      )
  }
}

/** Ends a message by this statement, and lets the next one of its line be sent. */
async function endMessage(tx: Transaction, { endpoint }: Attempt, ending: Fragment): Promise<void> {
  await holdLines(tx, { endpoints: [uuidOf(endpoint)] })
  const rows = await tx<LineRow[]>`${ending} returning endpoint_id, order_key`
  await setHeads(tx, rows.map(lineOf))
}
