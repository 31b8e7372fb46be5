import { randomUUID } from 'node:crypto'
import type { Consent } from '../../../customers/consent.ts'
import type { Context } from '../../../database/context.ts'
import { systemClock } from '../../../kernel/clock.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { goLive } from '../../../partners/go-live.ts'
import type { Partner, PartnerStatus } from '../../../partners/partner.ts'
import { addWebhook } from '../../../partners/webhooks/add-webhook.ts'
import { customer, grant, type Party } from '../../customers/factories.ts'
import { giveAccount } from '../../ledger/payouts/scene.ts'
import { earn, programmeWith, refer } from '../../ledger/settlement/scene.ts'
import { type Receiver, startReceiver } from '../../partners/webhooks/receiver.ts'
import type { TestWorld } from '../../support/database.ts'
import { accessToken, registerClient, type TestClient } from '../clients.ts'
import type { TestGateway } from '../gateway.ts'

type Given = Consent & { readonly accountKey: string }

/** A partner that was live for a time: what each duty needs is there, and it is now in some status. */
export type Tried = {
  readonly world: TestWorld
  readonly gateway: TestGateway
  /** On the real clock; webhooks may go to this machine. */
  readonly context: Context
  readonly party: Pick<Party, 'partner' | 'caller'>
  readonly client: TestClient
  /** A token from the time when it was live. */
  readonly token: string
  /** Consents from then: of a synthetic customer, of a real one, and of one who withdraws. */
  readonly given: { readonly made: Given; readonly real: Given; readonly leaving: Given }
  /** January is settled and not paid; February is to be settled. */
  readonly programme: string
  readonly receiver: Receiver
}

const SETTLED = { disputeDays: 0 }

/** Makes a partner that has done all that a live one does, and puts it into a status, whatever led there. */
export async function tried(world: TestWorld, gateway: TestGateway, status: PartnerStatus): Promise<Tried> {
  const context = { ...world.context, clock: systemClock, privateWebhooks: true }
  const client = await registerClient(context, { scopes: ['customers:read', 'contributions:write'] })
  const partner = await goLive(context, { partner: client.partner })
  const party = { partner, caller: callerOf(partner, client) }
  const receiver = await startReceiver()
  await addWebhook(context, { partner: partner.id, url: receiver.url, idempotencyKey: randomUUID() })
  const consent = async (synthetic: boolean): Promise<Given> => {
    const accountKey = await customer(world.owner, { synthetic })
    return { ...(await grant(context, party, accountKey)), accountKey }
  }
  const given = { made: await consent(true), real: await consent(false), leaving: await consent(false) }
  const programme = await settledIn({ ...world, context }, party)
  const token = await accessToken(gateway, client)
  await world.owner`update partners set status = ${status} where id = ${partner.id.slice('ptr_'.length)}`
  return { world, gateway, context, party, client, token, given, programme, receiver }
}

export function callerOf({ id }: Partner, client: TestClient): Party['caller'] {
  const scopes = new Set(['customers:read', 'contributions:write'] as const)
  return { kind: 'partner', partner: id, client: client.id as `cli_${string}`, scopes, requestId: randomUUID() }
}

/** A programme whose member earned in January and in February; the first is closed, and can be paid. */
export async function settledIn(world: TestWorld, { partner, caller }: Tried['party']): Promise<string> {
  const { context } = world
  const programme = await programmeWith(context, SETTLED)
  await createAgreement(context, { programme, partner: partner.id, from: '2026-01-01T00:00:00+08:00' })
  const key = await customer(world.owner)
  const member = { ...caller, code: partner.code }
  await refer(context, member, { customers: [key], at: '2026-01-05T00:00:00Z' })
  for (const month of ['01', '02']) await earn(context, key, [[month, 50_000, `2026-${month}-10T00:00:00Z`]])
  await giveAccount(world, member)
  await closePeriod(context, { programme, month: '2026-01' })
  return programme
}
