import { COHORT_KEPT_DAYS } from '../customers/audiences/sweep-cohorts.ts'
import { TRAFFIC_DAYS } from '../partners/ratings/count-traffic.ts'
import { DELIVERY_DAYS } from '../partners/webhooks/sweep-deliveries.ts'

/** A kind of data, how long it is kept, why, and what takes it away. */
type Kept = { readonly data: string; readonly kept: string; readonly why: string; readonly by: string }

/** What is kept how long. docs/retention.md has the same table, and a test compares the two. */
export const RETENTION: readonly Kept[] = [
  {
    data: 'records of the log',
    kept: 'for good',
    why: 'money and consent are proven by them',
    by: 'nothing; what is personal in them ends with the customer’s key',
  },
  {
    data: 'disclosures',
    kept: 'for good',
    why: 'the trace of accesses that the law asks for',
    by: 'nothing yet; they are partitioned by month',
  },
  {
    data: 'consents, their steps, notices',
    kept: 'for good',
    why: 'to show later what was agreed to',
    by: 'nothing; the evidence of agreeing goes with `customer erase`',
  },
  {
    data: 'tags, account keys, subjects',
    kept: 'until the customer is erased',
    why: 'to serve the customer',
    by: '`customer erase`',
  },
  {
    data: 'a partner’s references',
    kept: 'until the last consent to the partner ends',
    why: 'they serve that partner’s reads alone',
    by: 'whatever ends the consent',
  },
  {
    data: 'who was counted in an audience',
    kept: `${COHORT_KEPT_DAYS} days after its week`,
    why: 'new numbers are compared with it',
    by: 'the worker, each hour',
  },
  {
    data: 'cases of the staff, and what was looked at for them',
    kept: 'for good',
    why: 'the customer sees who looked, like who read',
    by: 'nothing; the reason of a case goes with `customer erase`',
  },
  {
    data: 'complaints about partners',
    kept: 'for good',
    why: 'they count in the rating of the partner',
    by: 'nothing; what a customer said and was answered goes with `customer erase`',
  },
  {
    data: 'what was asked of audiences, and told',
    kept: 'for good',
    why: 'the trace that compliance looks at',
    by: 'nothing; it names no customer',
  },
  {
    data: 'former names of customers',
    kept: 'until the overlap of a rotation ends',
    why: 'the partner carries its books over',
    by: 'the worker, each hour; `customer erase`',
  },
  {
    data: 'webhook messages',
    kept: `${DELIVERY_DAYS} days, those that wait longer`,
    why: 'they may be sent again',
    by: 'the worker, each hour',
  },
  {
    data: 'mails that wait to be sent',
    kept: 'until a mail server takes them, or their link is over',
    why: 'they are tried again while the server is away',
    by: 'the worker, each second',
  },
  {
    data: 'what was observed of a conformance run',
    kept: 'until the run ends',
    why: 'the run is judged by it',
    by: 'whatever ends the run: its report has it',
  },
  {
    data: 'what partners asked and took, in numbers by the hour',
    kept: `${TRAFFIC_DAYS} days`,
    why: 'a month may be rated anew for sixty days',
    by: 'the worker, each day',
  },
  {
    data: 'state of the authorization server, replays of proofs, spent quotas',
    kept: 'until it expires',
    why: 'it has no meaning afterwards',
    by: 'the worker, each minute',
  },
]
