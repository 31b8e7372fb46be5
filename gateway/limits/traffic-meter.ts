import type { RequestHandler, Response } from 'express'
import type { Context } from '../../database/context.ts'
import { FAULT_CODES, type FaultKind } from '../../kernel/fault-codes.ts'
import type { Id } from '../../kernel/ids.ts'
import { countTraffic } from '../../partners/ratings/count-traffic.ts'
import type { TrafficCounts } from '../../partners/ratings/traffic.ts'

/** Counts what partners ask, beside their requests: a crash may lose what was counted in the last second. */
export type TrafficMeter = {
  /** Counts each request that names a partner, once it is over. */
  readonly count: RequestHandler
  /** Counts that a partner sent something a second time which was good once. */
  readonly replayed: (partner: Id<'ptr'>) => void
  /** Writes what was counted since the last time; for the end. */
  readonly flush: () => Promise<void>
}

type Counted = Omit<TrafficCounts, 'partner'>

const NOTHING: Counted = { requests: 0, refused: 0, throttled: 0, replays: 0 }
const PAUSE_MS = 1000
const KINDS: ReadonlyMap<unknown, FaultKind> = new Map(Object.entries(FAULT_CODES))

/** A meter that writes once a second what was counted, in one statement. */
export function trafficMeter(context: Context): TrafficMeter {
  let counted = new Map<Id<'ptr'>, Counted>()
  let planned: NodeJS.Timeout | undefined
  const flush = async (): Promise<void> => {
    clearTimeout(planned)
    planned = undefined
    const now = counted
    counted = new Map()
    await countTraffic(
      context,
      [...now].map(([partner, numbers]) => ({ partner, ...numbers })),
    )
  }
  const complain = (error: unknown): void =>
    context.log.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'traffic could not be counted')
  const add = (partner: Id<'ptr'>, what: Partial<Counted>): void => {
    const { requests, refused, throttled, replays } = counted.get(partner) ?? NOTHING
    counted.set(partner, {
      ...{ requests: requests + (what.requests ?? 0), refused: refused + (what.refused ?? 0) },
      ...{ throttled: throttled + (what.throttled ?? 0), replays: replays + (what.replays ?? 0) },
    })
    planned ??= setTimeout(() => void flush().catch(complain), PAUSE_MS).unref()
  }
  return {
    count: (_request, response, next) => {
      response.once('close', () => {
        const partner: Id<'ptr'> | undefined = response.locals['partner']
        if (partner !== undefined) add(partner, { requests: 1, ...blameOf(response) })
      })
      next()
    },
    replayed: (partner) => add(partner, { replays: 1 }),
    flush,
  }
}

/** Notes that a graph refused what a partner asked, by the code: the status alone does not tell. */
export function noteRefusal(response: Response, code: unknown): void {
  response.locals['refusal'] ??= code
}

/** Whether a request was too much, or wrong; what went wrong on our side is nobody's fault. */
function blameOf(response: Response): Partial<Counted> {
  const { statusCode: status } = response
  const code = response.locals['refusal']
  if (status === 429 || code === 'THROTTLED') return { throttled: 1 }
  const ours = status >= 500 || code === 'INTERNAL' || KINDS.get(code) === 'unavailable'
  return !ours && (status >= 400 || code !== undefined) ? { refused: 1 } : {}
}
