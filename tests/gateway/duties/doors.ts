import { randomUUID } from 'node:crypto'
import { grantConsent } from '../../../customers/grant-consent.ts'
import { revokeConsent } from '../../../customers/revoke-consent.ts'
import { webhookSender } from '../../../gateway/webhooks/send-webhook.ts'
import { listPayable } from '../../../ledger/payouts/list-payable.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { listStatements } from '../../../ledger/settlement/list-statements.ts'
import type { Duties } from '../../../partners/duties.ts'
import { queueEvents } from '../../../partners/webhooks/queue-events.ts'
import { sendDue } from '../../../partners/webhooks/send-due.ts'
import { customer, grantInput, read, valuesOf } from '../../customers/factories.ts'
import { sealAll } from '../../records/sealed-log.ts'
import { askPartnerGraph, assertion, credentials, proof, requestToken } from '../clients.ts'
import { ORIGIN } from '../gateway.ts'
import type { Tried } from './scene.ts'

const send = webhookSender({ privateToo: true })
const CONTRIBUTIONS = `${ORIGIN}/partner/contributions`

/** Each duty's own door: whether it opens for a partner as it is now. */
export const DOORS: Readonly<Record<keyof Duties, (scene: Tried) => Promise<boolean>>> = {
  discloses: (scene) => isSeen(scene, 'made'),
  syntheticOnly: async (scene) => (await isSeen(scene, 'made')) && !(await isSeen(scene, 'real')),
  consents: async ({ world, context, party }) => {
    const accountKey = await customer(world.owner, { synthetic: true })
    return works(grantConsent(context, grantInput(party.partner.code, accountKey)))
  },
  reports: async ({ gateway, client, token }) => {
    const answer = await gateway.fetch('/partner/contributions', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-ndjson',
        ...(await credentials(client, token, { address: CONTRIBUTIONS })),
      },
      body: JSON.stringify({ externalId: 'c', kind: 'REFERRAL', lead: 'l', occurredAt: '2026-03-05T00:00:00Z' }),
    })
    return (await answer.text()).includes('"RECORDED"')
  },
  accrues: async ({ context, party, programme }) => {
    await closePeriod(context, { programme, month: '2026-02' })
    const { edges } = await listStatements(context, { partner: party.partner.id, page: { first: 10 } })
    return edges.some(({ node }) => node.month === '2026-02')
  },
  pays: async ({ context, programme }) => {
    const [january] = await listPayable(context, { programme, month: '2026-01' })
    return january?.hindrance === undefined
  },
  tokens: async ({ gateway, client, token }) => {
    const fresh = await requestToken(gateway, { assertion: await assertion(client), proof: await proof(client) })
    const old = await askPartnerGraph(gateway, await credentials(client, token), { query: '{ me { code } }' })
    if ((fresh.status === 200) !== (old.status === 200)) throw new Error('tokens of before are as those of now')
    return old.status === 200
  },
  webhooks: async ({ world, context, receiver }) => {
    await sealAll(context, world.owner)
    while ((await queueEvents(context)) > 0);
    while ((await sendDue(context, send)) > 0);
    return receiver.taken().some(({ message }) => message.type === 'consent.revoked')
  },
}

/** Whether its customer can withdraw a consent: so it is in every status. */
export function canWithdraw({ context, given: { leaving } }: Tried): Promise<boolean> {
  const { accountKey, id: consentId } = leaving
  return works(revokeConsent(context, { accountKey, consentId, idempotencyKey: randomUUID() }))
}

async function isSeen({ context, party, given }: Tried, whose: 'made' | 'real'): Promise<boolean> {
  const values = valuesOf(await read(context, party, { subject: given[whose].subject }))
  return values !== null && Object.values(values).some((value) => value !== null)
}

function works(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  )
}
