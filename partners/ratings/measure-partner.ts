import type { Reader } from '../../database/client.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Span } from '../../kernel/month.ts'
import { countUpheldComplaints } from '../complaints/store/complaints.ts'
import type { Measure, Measurement } from './scorecard.ts'
import { type Counted, countAcknowledged, countDeleted, countYoungKeys } from './store/measures.ts'
import { sumTraffic } from './store/traffic.ts'

/** Within which a partner acknowledges that a consent ended, to be good. */
const ACKNOWLEDGED_SECONDS = 60
/** Each complaint that was upheld takes one of ten; that one is answered late is our own doing. */
const TOLERATED_COMPLAINTS = 10

/** All that was measured of a partner in a span, which is past. */
export async function measurePartner(sql: Reader, partner: Id<'ptr'>, span: Span): Promise<readonly Measurement[]> {
  const { requests, refused, replays, attempts, taken, prompt } = await sumTraffic(sql, partner, span)
  const { upheld } = await countUpheldComplaints(sql, partner, span)
  const counted: Readonly<Record<Measure, Counted>> = {
    AVAILABILITY: { good: taken, all: attempts },
    LATENCY: { good: prompt, all: taken },
    ERRORS: { good: requests - refused, all: requests },
    REPLAYS: { good: requests, all: requests + replays },
    ACKNOWLEDGEMENT: await countAcknowledged(sql, partner, span, ACKNOWLEDGED_SECONDS),
    DELETIONS: await countDeleted(sql, partner, span),
    KEYS: await countYoungKeys(sql, partner, span.to),
    COMPLAINTS: { good: Math.max(0, TOLERATED_COMPLAINTS - upheld), all: TOLERATED_COMPLAINTS },
  }
  return Object.entries(counted).map(([measure, { good, all }]) => ({ measure: measure as Measure, good, all }))
}
