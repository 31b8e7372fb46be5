import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { revokeConsent } from '../../../customers/revoke-consent.ts'
import type { Context } from '../../../database/context.ts'
import { systemClock } from '../../../kernel/clock.ts'
import { addWebhook } from '../../../partners/webhooks/add-webhook.ts'
import { queueEvents } from '../../../partners/webhooks/queue-events.ts'
import { customer, defineCatalogue, grant, liveParty, type Party } from '../../customers/factories.ts'
import { sealAll } from '../../records/sealed-log.ts'
import { useWorld } from '../../support/database.ts'
import { type Receiver, startReceiver } from './receiver.ts'

const PROCESS = fileURLToPath(new URL('./sending-process.ts', import.meta.url))
const CUSTOMERS = 8
const EVENTS = 2 * CUSTOMERS

const world = useWorld()
let context: Context
let party: Party
let receiver: Receiver
let child: ChildProcess | undefined

beforeAll(async () => {
  context = { ...world.context, clock: systemClock, privateWebhooks: true }
  await defineCatalogue(context)
  party = await liveParty(context)
  // the first turn of all begins at the end of the log
  await sealAll(context, world.owner)
  await queueEvents(context)
  receiver = await startReceiver()
  const types = ['consent.authorised', 'consent.revoked'] as const
  await addWebhook(context, { partner: party.partner.id, url: receiver.url, types: [...types], idempotencyKey: 'add' })
})
afterAll(async () => {
  child?.kill('SIGKILL')
  await receiver.close()
})

test('senders that are killed between sending and writing it down lose nothing, and each subject’s order stands', {
  timeout: 60_000,
}, async () => {
  const subjects = await Promise.all(Array.from({ length: CUSTOMERS }, agreedAndWithdrew))
  await sealAll(context, world.owner)
  const ids = () => new Set(receiver.taken().map(({ id }) => id))
  let killed = 0
  while (ids().size < EVENTS) {
    // it dies with the third message of each process, which the receiver takes and nobody writes down
    let left = killed < 3 ? 3 : Number.POSITIVE_INFINITY
    receiver.answer(() => {
      if (--left === 0) child?.kill('SIGKILL')
      return 200
    })
    child = spawn(process.execPath, [PROCESS, JSON.stringify(world.address)], { stdio: 'inherit' })
    const ended = once(child, 'exit')
    const all = (async () => {
      while (ids().size < EVENTS && child?.exitCode === null && child.signalCode === null) await pause()
    })()
    await Promise.race([ended, all])
    child.kill('SIGKILL')
    await ended
    if (left <= 0) killed += 1
    // as if the minute of the dead one had gone by
    await world.owner`update webhook_deliveries set next_at = now() where status = 'PENDING'`
  }
  expect(killed).toBe(3)
  // what was taken and not written down came again, under its id
  expect(receiver.taken().length).toBeGreaterThan(EVENTS)
  expect(ids().size).toBe(EVENTS)
  for (const subject of subjects) {
    const told = receiver.taken().filter(({ message }) => message.data['subject'] === subject)
    expect([...new Set(told.map(({ message }) => message.type))]).toEqual(['consent.authorised', 'consent.revoked'])
  }
})

async function agreedAndWithdrew(): Promise<string> {
  const accountKey = await customer(world.owner)
  const { id: consentId, subject } = await grant(context, party, accountKey)
  await revokeConsent(context, { accountKey, consentId, idempotencyKey: randomUUID() })
  return subject
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20))
}
