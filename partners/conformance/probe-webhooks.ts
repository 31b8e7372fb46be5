import { randomBytes } from 'node:crypto'
import type { Context } from '../../database/context.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { newId } from '../../kernel/ids.ts'
import type { SendWebhook, WebhookAnswer } from '../webhooks/send-due.ts'
import { signedRequest } from '../webhooks/signed-request.ts'
import { selectEndpoints } from '../webhooks/store/endpoints.ts'
import type { WebhookEndpoint } from '../webhooks/webhook-endpoint.ts'
import type { ConformanceRun } from './conformance-run.ts'
import { observe } from './observe.ts'
import { takeProbe } from './store/observations.ts'

/** How long after one try of a run's webhooks the next one comes. */
const PROBE_PAUSE_SECONDS = 30
const SECRET_BYTES = 32

/** Sends each endpoint of the partner one message that is signed rightly and one that is not, unless that was done just now. */
export async function probeWebhooks(context: Context, run: ConformanceRun, send: SendWebhook): Promise<void> {
  const endpoints = await selectEndpoints(context.database.reads, run.partner)
  if (endpoints.length === 0) return
  if (!(await context.database.transaction((tx) => takeProbe(tx, run.id, PROBE_PAUSE_SECONDS)))) return
  const observations = await Promise.all(
    endpoints.map(async (endpoint) => ({
      ...{ what: 'WEBHOOK_PROBED' as const, about: endpoint.id },
      detail: await answersOf(context, run, endpoint, send),
    })),
  )
  await observe(context, run.partner, observations)
}

/** What it answered to the one and to the other, `200 401`. */
async function answersOf(
  context: Context,
  { id: run }: ConformanceRun,
  { id: endpoint, url }: WebhookEndpoint,
  send: SendWebhook,
): Promise<string> {
  const timestamp = context.clock.now().toISOString()
  const body = canonicalJson({ type: 'conformance.probe', timestamp, data: { run } })
  const right = await signedRequest(context, { id: newId('evt'), endpoint, url, body })
  const wrong = await signedRequest(context, { id: newId('evt'), endpoint, url, body }, [randomBytes(SECRET_BYTES)])
  const good = right === undefined ? 'NO_SECRET' : wordOf(await send(right))
  const bad = wrong === undefined ? 'NO_SECRET' : wordOf(await send(wrong))
  return `${good} ${bad}`
}

function wordOf(answer: WebhookAnswer): string {
  return 'status' in answer ? `${answer.status}` : answer.failed
}
