import type { Reader } from '../../database/client.ts'
import { compareKeys } from '../../kernel/compare-keys.ts'
import { unreachable } from '../../kernel/invariant.ts'
import type { FactCase } from '../splits/fact-case.ts'
import { CASE_KINDS, type CaseScope } from './case-scope.ts'
import type { PlacedCase } from './placed-case.ts'
import { readAssetsCases } from './store/assets-cases.ts'
import { readCourseCases } from './store/course-cases.ts'
import { readEventCases } from './store/event-cases.ts'
import { readReferralCases } from './store/referral-cases.ts'
import { readServiceCases, readTrafficCases } from './store/told-cases.ts'

type Batches = AsyncGenerator<readonly PlacedCase[]>

/**
 * All cases that rules of a programme may look at in a span, in batches: by partner's code, kind of case
 * (`CASE_KINDS`), `keyOf` the case and the agreement's start, bytewise; the same sequence at every read of one snapshot.
 * `sql` is an open transaction, best a repeatable read, in which no other stream of cases is open. What is held at once
 * is one batch of each kind.
 */
export async function* streamCases(sql: Reader, scope: CaseScope, rowsPerBatch = 5000): Batches {
  const kinds = CASE_KINDS.filter((kind) => scope.kinds.has(kind))
  const streams = kinds.map((kind) => batchesOf(kind, sql, scope, rowsPerBatch))
  try {
    yield* streams.length === 1 ? first(streams) : byPartner(streams)
  } finally {
    for (const stream of streams) await stream.return(undefined)
  }
}

function batchesOf(kind: FactCase['kind'], sql: Reader, scope: CaseScope, rowsPerBatch: number): Batches {
  const reading = { scope, rowsPerBatch }
  switch (kind) {
    case 'EVENT':
      return readEventCases(sql, { ...reading, paths: scope.paths })
    case 'COURSE':
      return readCourseCases(sql, reading)
    case 'ASSETS':
      return readAssetsCases(sql, reading)
    case 'TRAFFIC':
      return readTrafficCases(sql, reading)
    case 'SERVICE':
      return readServiceCases(sql, reading)
    case 'REFERRAL':
      return readReferralCases(sql, reading)
    default:
      return unreachable(kind)
  }
}

async function* first(streams: readonly Batches[]): Batches {
  for (const stream of streams) yield* stream
}

/** Cases of a kind that were fetched and not yet given, from `next` on. */
type Fetched = { readonly stream: Batches; batch: readonly PlacedCase[]; next: number }

/** Merges streams that are each ordered by partner: all of one partner's cases, stream by stream, before the next's. */
async function* byPartner(streams: readonly Batches[]): Batches {
  const fetched: Fetched[] = streams.map((stream) => ({ stream, batch: [], next: 0 }))
  for (const one of fetched) await fetchNext(one)
  for (let partner = smallestPartner(fetched); partner !== undefined; partner = smallestPartner(fetched)) {
    for (const one of fetched) {
      while (one.batch[one.next]?.partnerCode === partner) yield await takeOf(one, partner)
    }
  }
}

/** The partner's cases at the front of what was fetched. */
async function takeOf(one: Fetched, partner: string): Promise<readonly PlacedCase[]> {
  const { batch, next } = one
  const end = batch.findIndex(({ partnerCode }, index) => index >= next && partnerCode !== partner)
  one.next = end === -1 ? batch.length : end
  if (one.next === batch.length) await fetchNext(one)
  return batch.slice(next, end === -1 ? batch.length : end)
}

async function fetchNext(one: Fetched): Promise<void> {
  const { value, done } = await one.stream.next()
  one.batch = done ? [] : value
  one.next = 0
}

function smallestPartner(fetched: readonly Fetched[]): string | undefined {
  const partners = fetched.flatMap(({ batch, next }) => batch[next]?.partnerCode ?? [])
  return partners.toSorted(compareKeys)[0]
}
