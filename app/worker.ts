import { Logger, parseCronItems, run } from 'graphile-worker'
import pg from 'pg'
import type { AlarmSettings } from '../customers/alarms/alarm-settings.ts'
import { FULL_WATCH, watchReads } from '../customers/alarms/watch-reads.ts'
import { batchDisclosures } from '../customers/batch-disclosures.ts'
import { endDueConsents } from '../customers/end-due-consents.ts'
import { continueContainment } from '../customers/incidents/continue-containment.ts'
import type { Context } from '../database/context.ts'
import type { Server } from '../database/open-server.ts'
import { webhookSender } from '../gateway/webhooks/send-webhook.ts'
import { syncRounds } from '../ledger/distribution/sync-rounds.ts'
import { foldBalances } from '../ledger/journal/fold-balances.ts'
import { continueRuns } from '../partners/conformance/continue-runs.ts'
import type { SendMail } from '../partners/mails/mail.ts'
import { sendMails } from '../partners/mails/send-mails.ts'
import { continueOffboardings } from '../partners/offboarding/continue-offboarding.ts'
import { FULL_READING, queueEvents } from '../partners/webhooks/queue-events.ts'
import { sendDue } from '../partners/webhooks/send-due.ts'
import { takeAnchorTurn } from '../records/anchoring/take-anchor-turn.ts'
import { logNameOf } from '../records/log-name.ts'
import { sealRecords } from '../records/seal-records.ts'
import { signCheckpoint } from '../records/sign-checkpoint.ts'
import { exitPorts } from '../schema/exit-ports.ts'
import { quotas } from '../schema/quotas.ts'
import { containment } from './containment.ts'
import type { Anchoring } from './open-anchoring.ts'
import type { Payouts } from './open-payouts.ts'
import { type JobParts, jobsOf } from './worker/jobs.ts'
import { tagSealing } from './worker/seal-tags.ts'
import { type Turns, takeTurns } from './worker/take-turns.ts'
import { incidentWatch } from './worker/watch-incidents.ts'
import { sealingWatch } from './worker/watch-sealing.ts'

/** Work beside the requests. `stop` waits for what is under way. */
export type Worker = { readonly stop: () => Promise<void> }

const SEALING_PAUSE_MS = 250
const FULL_TURN_RECORDS = 5000
/** How often a worker asks whether an anchor's turn is due. */
const ANCHORING_PAUSE_MS = 1000
/** How often the contract is asked who claimed. */
const PAYOUTS_PAUSE_MS = 15_000
const BATCHING_PAUSE_MS = 1000
const WATCHING_PAUSE_MS = 5000
/** How often alarms look at what partners read. */
const ALARMS_PAUSE_MS = 2000
/** How often consents are looked for that have ended by themselves. */
const ENDING_PAUSE_MS = 2000
/** How often it is looked for values of tags that are to be sealed. */
const SEAL_TAGS_PAUSE_MS = 3_600_000
/** How often the log is read for what partners are told of, and messages are looked for that are due. */
const WEBHOOKS_PAUSE_MS = 500
/** How often mails are looked for that wait. */
const MAILS_PAUSE_MS = 1000
/** How often open conformance runs are looked at. */
const CONFORMANCE_PAUSE_MS = 2000
/** Senders at once: a slow receiver holds up one of them for ten seconds at most. */
const SENDERS = 3
/** A job that hangs in a transaction would hold up the sealer. */
const LONGEST_STATEMENT_MS = 60_000
export type WorkerParts = JobParts & {
  readonly origin: string
  readonly anchoring: Anchoring | undefined
  readonly payouts: Payouts | undefined
  readonly alarms: AlarmSettings
  readonly sendMail: SendMail
}

/** Starts the jobs (graphile-worker, as owner of its schema) and the turns. */
export async function startWorker(context: Context, server: Server, parts: WorkerParts): Promise<Worker> {
  const pool = new pg.Pool(poolConfigOf(server))
  const complain = (error: Error): void =>
    context.log.error({ reason: error.message }, 'the connection of the jobs broke')
  pool.on('error', complain)
  pool.on('connect', (client) => client.on('error', complain))
  const jobs = Object.entries(jobsOf(context, parts, pool))
  const runner = await run({
    pgPool: pool,
    concurrency: 2,
    noHandleSignals: true,
    logger: quietLogger(context),
    taskList: Object.fromEntries(jobs.map(([task, { work }]) => [task, async () => void (await work())])),
    parsedCronItems: parseCronItems(jobs.map(([task, { match }]) => ({ task, match }))),
  })
  const ending = new AbortController()
  const turns = turnsOf(context, parts, ending.signal).map((each) => takeTurns(context, each))
  return {
    stop: async () => {
      ending.abort()
      await Promise.all([runner, ...turns].map((each) => each.stop()))
      await pool.end()
    },
  }
}

/** What goes on by turns that processes take, each as soon as there is something to do. */
function turnsOf(
  context: Context,
  { origin, anchoring, payouts, alarms, sendMail }: WorkerParts,
  ending: AbortSignal,
): readonly Turns[] {
  // a few records each time would cost the writers a commit for each handful of theirs
  const turns = { pauseMs: SEALING_PAUSE_MS, full: FULL_TURN_RECORDS }
  return [
    { ...turns, failed: 'the log could not be sealed', work: sealer(context, origin) },
    { failed: 'sealing could not be watched', pauseMs: WATCHING_PAUSE_MS, work: sealingWatch(context) },
    { ...turns, failed: 'balances could not be folded', work: () => foldBalances(context, FULL_TURN_RECORDS) },
    {
      failed: 'disclosures could not enter the log',
      pauseMs: BATCHING_PAUSE_MS,
      work: () => batchDisclosures(context),
    },
    { failed: 'consents could not be ended', pauseMs: ENDING_PAUSE_MS, work: () => endDueConsents(context) },
    {
      failed: 'what partners read could not be looked at',
      pauseMs: ALARMS_PAUSE_MS,
      full: FULL_WATCH,
      work: () => watchReads(context, { settings: alarms, quotas }),
    },
    {
      failed: 'an incident could not be contained',
      pauseMs: ENDING_PAUSE_MS,
      work: () => continueContainment(context, containment),
    },
    {
      failed: 'the exit of a partner could not go on',
      pauseMs: ENDING_PAUSE_MS,
      work: () => continueOffboardings(context, exitPorts),
    },
    { failed: 'values of tags could not be sealed', pauseMs: SEAL_TAGS_PAUSE_MS, work: tagSealing(context, ending) },
    { failed: 'deadlines of incidents could not be watched', pauseMs: WATCHING_PAUSE_MS, work: incidentWatch(context) },
    { failed: 'mails could not be sent', pauseMs: MAILS_PAUSE_MS, work: () => sendMails(context, sendMail) },
    ...webhookTurns(context),
    ...chainTurns(context, { anchoring, payouts }),
  ]
}

function webhookTurns(context: Context): readonly Turns[] {
  const pauseMs = WEBHOOKS_PAUSE_MS
  const send = webhookSender({ privateToo: context.privateWebhooks === true })
  return [
    {
      failed: 'conformance runs could not go on',
      pauseMs: CONFORMANCE_PAUSE_MS,
      work: () => continueRuns(context, send),
    },
    {
      failed: 'what partners are told of could not be queued',
      pauseMs,
      full: FULL_READING,
      work: () => queueEvents(context),
    },
    ...Array.from({ length: SENDERS }, () => ({
      ...{ failed: 'webhooks could not be sent', pauseMs, work: () => sendDue(context, send) },
    })),
  ]
}

function chainTurns(
  context: Context,
  { anchoring, payouts }: Pick<WorkerParts, 'anchoring' | 'payouts'>,
): readonly Turns[] {
  const turns: Turns[] = []
  if (anchoring !== undefined) {
    const work = (): Promise<unknown> => takeAnchorTurn(context, anchoring)
    turns.push(paced(ANCHORING_PAUSE_MS, 'the log could not be anchored', work))
  }
  if (payouts !== undefined) {
    const work = (): Promise<unknown> => syncRounds(context, payouts)
    turns.push(paced(PAYOUTS_PAUSE_MS, 'payouts could not be read from the chain', work))
  }
  return turns
}

/** Turns that are always followed by the pause, whatever they did. */
function paced(pauseMs: number, failed: string, work: () => Promise<unknown>): Turns {
  return { failed, pauseMs, work: () => work().then(() => 0) }
}

function poolConfigOf({ owner }: Server): pg.PoolConfig {
  const { url, host, port, user, database } = owner
  const limits = {
    max: 4,
    statement_timeout: LONGEST_STATEMENT_MS,
    idle_in_transaction_session_timeout: LONGEST_STATEMENT_MS,
  }
  return url === undefined ? { host, port, user, database, ...limits } : { connectionString: url, ...limits }
}

function quietLogger({ log }: Context): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error' || level === 'warning') log.warn({ worker: message }, 'a job complained')
  })
}

/**
 * Turns of sealing what is committed and signing for it. The first turn always signs: of an empty log too, so that there is
 * a checkpoint from the beginning, and of what was sealed by a process that ended before it signed.
 */
function sealer(context: Context, origin: string): () => Promise<number> {
  let signed = false
  return async () => {
    const sealed = await sealRecords(context, FULL_TURN_RECORDS)
    signed &&= sealed === 0
    if (!signed) await signCheckpoint(context, { origin: logNameOf(origin) })
    signed = true
    return sealed
  }
}
