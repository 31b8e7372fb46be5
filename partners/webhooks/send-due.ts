import type { Context } from '../../database/context.ts'
import { countAttempts } from '../ratings/count-traffic.ts'
import { signedRequest, type WebhookRequest } from './signed-request.ts'
import { type Attempt, type DueMessage, leaseMessages, markAttempt } from './store/queue.ts'

/** What came of it: the status that was answered, or why there was none (`TIMEOUT`, `ADDRESS_REFUSED`, …). */
export type WebhookAnswer = { readonly status: number } | { readonly failed: string }

/** Sends one request; never throws, takes at most half of {@link LEASE_SECONDS}, follows nothing. */
export type SendWebhook = (request: WebhookRequest) => Promise<WebhookAnswer>

const MOST_AT_ONCE = 20
const MOST_OF_ENDPOINT = 4
/** How long a process has for what it took: after that another one sends it. */
const LEASE_SECONDS = 60
/** Within which an endpoint answers promptly. */
const PROMPT_MS = 1000
/** How long after each attempt the next one comes; about four days in all. A quarter of each is left to chance. */
const PAUSES_SECONDS = [5, 30, 120, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 86_400, 86_400] as const

/**
 * Sends what is due, a turn's worth; the network is awaited outside of any transaction. A 2xx takes a message, 410 refuses
 * it for good, anything else is tried again later, until it is given up. Returns how many were sent.
 */
export async function sendDue(context: Context, send: SendWebhook): Promise<number> {
  const { database } = context
  const due = await database.transaction((tx) =>
    leaseMessages(tx, { most: MOST_AT_ONCE, ofEach: MOST_OF_ENDPOINT, seconds: LEASE_SECONDS }),
  )
  const tried = await Promise.all(
    due.map(async (message) => {
      const startedAt = performance.now()
      const answer = await answerTo(context, message, send)
      const attempt = attemptOf(message, answer)
      const prompt = performance.now() - startedAt <= PROMPT_MS
      await database.transaction((tx) => markAttempt(tx, attempt))
      return { partner: message.partner, taken: attempt.outcome === 'taken', prompt, ours: isOurs(answer) }
    }),
  )
  await countAttempts(
    context,
    tried.filter(({ ours }) => !ours),
  )
  return due.length
}

/** Whether it was never sent because of us. */
function isOurs(answer: WebhookAnswer): boolean {
  return 'failed' in answer && answer.failed === 'NO_SECRET'
}

async function answerTo(context: Context, message: DueMessage, send: SendWebhook): Promise<WebhookAnswer> {
  const request = await signedRequest(context, message)
  return request === undefined ? { failed: 'NO_SECRET' } : send(request)
}

function attemptOf({ id, endpoint, attempts }: DueMessage, answer: WebhookAnswer): Attempt {
  const message = { id, endpoint, attempts }
  if ('status' in answer && answer.status >= 200 && answer.status < 300) return { ...message, outcome: 'taken' }
  const error = 'status' in answer ? `${answer.status}` : answer.failed
  const pause = PAUSES_SECONDS[attempts - 1]
  if (pause === undefined || error === '410') return { ...message, outcome: 'dead', error }
  return { ...message, outcome: 'later', error, seconds: pause * (0.75 + Math.random() / 4) }
}
