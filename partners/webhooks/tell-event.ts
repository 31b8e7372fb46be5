import { z } from 'zod'
import { type CanonicalValue, canonicalJson } from '../../kernel/canonical-json.ts'
import type { RecordBody } from '../../records/record-body.ts'
import type { EventType } from './event-types.ts'

/** What a record is to a partner: a type, and what is said of it. */
export type ToldEvent = {
  readonly type: EventType
  /** What it is about, by id: a consent, a statement, a payout. */
  readonly about: string | undefined
  readonly data: Readonly<Record<string, CanonicalValue>>
}

const consent = z.object({
  consent: z.string(),
  purpose: z.string(),
  status: z.enum([
    'AUTHORISED',
    'SUSPENDED',
    'REVOKED',
    'EXPIRED',
    'CONSUMED',
    'SUPERSEDED',
    'REJECTED',
    'LAPSED',
    'AWAITING',
  ]),
})
const statement = z.object({ event: z.literal('ISSUED'), statement: z.string(), number: z.string(), month: z.string() })
const payout = z.object({ event: z.enum(['SETTLED', 'REJECTED', 'RETURNED']), payout: z.string() })
const moved = z.object({ event: z.literal('STATUS_CHANGED'), from: z.string(), to: z.string() })
const capability = z.object({ event: z.literal('CHANGED'), kind: z.string(), key: z.string(), status: z.string() })
const exit = z.object({ status: z.enum(['PLANNED', 'CANCELLED']), exitAt: z.string() })
const client = z.union([
  z.object({ event: z.literal('KEYS_DUE'), client: z.string(), dueAt: z.string() }),
  z.object({ event: z.string(), client: z.string() }),
])
const complaint = z.object({ complaint: z.string(), category: z.string(), status: z.string() })

const PAYOUT_TYPES = { SETTLED: 'payout.paid', REJECTED: 'payout.rejected', RETURNED: 'payout.returned' } as const

/** What the partner of a record is told of it; nothing of most records. No tag, amount or account is ever among it. */
export function tellEvent(body: RecordBody): ToldEvent | undefined {
  switch (body.kind) {
    case 'consent':
      return told(consent, body, ({ consent: id, purpose, status }) =>
        status === 'AWAITING'
          ? undefined
          : { type: `consent.${lower(status)}`, about: id, data: { consent: id, purpose, status } },
      )
    case 'statement':
      return told(statement, body, ({ statement: id, number, month }) => ({
        ...{ type: 'statement.issued', about: id, data: { statement: id, number, month } },
      }))
    case 'payout':
      return told(payout, body, ({ event, payout: id }) => ({
        ...{ type: PAYOUT_TYPES[event], about: id, data: { payout: id } },
      }))
    case 'partner':
      return told(moved, body, ({ from, to }) => ({
        ...{ type: 'partner.status_changed', about: undefined, data: { from, to } },
      }))
    case 'capability':
      return told(capability, body, ({ kind, key, status }) => ({
        ...{ type: 'partner.capability_changed', about: undefined, data: { kind, key, status } },
      }))
    case 'offboarding':
      return told(exit, body, ({ status, exitAt }) => ({
        ...{ type: 'partner.exit_changed', about: undefined, data: { status, exitAt } },
      }))
    case 'complaint_notice':
      return told(complaint, body, ({ complaint: id, category, status }) => ({
        ...{ type: 'partner.complaint', about: id, data: { complaint: id, category, status } },
      }))
    case 'client':
      return told(client, body, tellClient)
    default:
      return undefined
  }
}

/** The kinds of records of which partners may be told. */
export const TOLD_KINDS = [
  ...(['consent', 'statement', 'payout', 'partner', 'capability', 'offboarding', 'client'] as const),
  'complaint_notice',
] as const

/** The message as it is sent, canonical, so that it is the same at each attempt. */
export function messageOf(body: RecordBody, { type, data }: ToldEvent, subject: string | undefined): string {
  const about = { ...data, record: body.id, ...(subject !== undefined && { subject }) }
  return canonicalJson({ type, timestamp: body.at, data: about })
}

function tellClient({ client: id, event, ...due }: z.output<typeof client>): ToldEvent {
  if ('dueAt' in due) return { type: 'client.keys_due', about: undefined, data: { client: id, dueAt: due.dueAt } }
  return { type: 'client.changed', about: undefined, data: { client: id, event } }
}

function told<T>(
  schema: z.ZodType<T>,
  { data }: RecordBody,
  tell: (data: T) => ToldEvent | undefined,
): ToldEvent | undefined {
  const read = schema.safeParse(data)
  return read.success ? tell(read.data) : undefined
}

function lower<T extends string>(text: T): Lowercase<T> {
  return text.toLowerCase() as Lowercase<T>
}
