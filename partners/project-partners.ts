import { z } from 'zod'
import type { Transaction } from '../database/client.ts'
import { SCOPES } from '../kernel/caller.ts'
import { HOME_JURISDICTION } from '../kernel/jurisdiction.ts'
import { idText, parseRecordData, timeText } from '../records/parse-record-data.ts'
import { projectEach } from '../records/project-each.ts'
import type { Projector } from '../records/projector.ts'
import type { RecordBody } from '../records/record-body.ts'
import { CLIENT_STATUSES, TOKEN_BINDINGS } from './client.ts'
import { parseJwks } from './jwks.ts'
import { PARTNER_KINDS, PARTNER_STATUSES } from './partner.ts'
import { insertClient, updateActive, updateRevoked } from './store/clients.ts'
import { insertPartner, selectPartner, updateJurisdiction, updateStatus } from './store/partners.ts'
import { markWarned } from './store/warned-keys.ts'

/** Partners and their clients out of the log. A change waits for what it changes, as its verb found it. */
export const partnerProjector: Projector = {
  kinds: ['partner', 'client'],
  tables: [
    { name: 'partners', key: ['id'] },
    { name: 'clients', key: ['id'] },
  ],
  project: projectEach((tx, body) => (body.kind === 'client' ? projectClient(tx, body) : projectPartner(tx, body))),
}

const change = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('CREATED'),
    partner: idText('ptr'),
    code: z.string(),
    name: z.string(),
    kind: z.enum(PARTNER_KINDS),
    synthetic: z.boolean(),
    // records of before there was any have none
    jurisdiction: z.string().default(HOME_JURISDICTION),
    status: z.enum(PARTNER_STATUSES),
  }),
  z.object({
    event: z.literal('STATUS_CHANGED'),
    partner: idText('ptr'),
    from: z.enum(PARTNER_STATUSES),
    to: z.enum(PARTNER_STATUSES),
  }),
  z.object({ event: z.literal('JURISDICTION_SET'), partner: idText('ptr'), from: z.string(), to: z.string() }),
])

const clientChange = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('CREATED'),
    client: idText('cli'),
    partner: idText('ptr'),
    name: z.string(),
    jwks: z.unknown().transform(parseJwks),
    scopes: z.array(z.enum(SCOPES)),
    // records of before there were any have none
    redirectUris: z.array(z.string()).default([]),
    binding: z.enum(TOKEN_BINDINGS).default('DPOP'),
    status: z.enum(CLIENT_STATUSES),
  }),
  z.object({ event: z.literal('REVOKED'), client: idText('cli') }),
  z.object({ event: z.literal('KEYS_DUE'), client: idText('cli') }),
  z.object({
    event: z.literal('KEYS_REPLACED'),
    client: idText('cli'),
    jwks: z.unknown().transform(parseJwks),
    formerUntil: timeText.optional(),
  }),
  z.object({ event: z.literal('REDIRECTS_SET'), client: idText('cli'), redirectUris: z.array(z.string()) }),
  z.object({ event: z.literal('BINDING_SET'), client: idText('cli'), binding: z.enum(TOKEN_BINDINGS) }),
])

async function projectPartner(tx: Transaction, body: RecordBody): Promise<boolean> {
  const data = parseRecordData(change, body)
  if (data.event === 'STATUS_CHANGED') return updateStatus(tx, { ...data, id: data.partner })
  if (data.event === 'JURISDICTION_SET') return updateJurisdiction(tx, { ...data, id: data.partner })
  const { event: _, partner: id, ...rest } = data
  await insertPartner(tx, { id, ...rest, createdAt: new Date(body.at) })
  return true
}

async function projectClient(tx: Transaction, body: RecordBody): Promise<boolean> {
  const data = parseRecordData(clientChange, body)
  const at = new Date(body.at)
  if (data.event === 'REVOKED') return updateRevoked(tx, data.client, at)
  if (data.event === 'KEYS_DUE') return markWarned(tx, data.client)
  if (data.event === 'KEYS_REPLACED') {
    const { client, jwks, formerUntil } = data
    return updateActive(tx, client, { keys: { jwks, keysSince: at, formerUntil } })
  }
  if (data.event !== 'CREATED') return updateActive(tx, data.client, data)
  if ((await selectPartner(tx, data.partner)) === undefined) return false
  const { event: _, client: id, partner: partnerId, ...rest } = data
  await insertClient(tx, { id, partnerId, ...rest, keysSince: at, createdAt: at })
  return true
}
