import { randomBytes } from 'node:crypto'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { CompactSign } from 'jose'
import type { Reader } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { latestCheckpoint } from '../../records/sign-checkpoint.ts'
import { type DisclosureSearch, parseSearch } from '../found/disclosure-search.ts'
import { selectFound } from '../found/store/found-disclosures.ts'
import { tellingOf } from '../incidents/incident-status.ts'
import { selectOpenIncidents } from '../incidents/store/incidents.ts'
import { type ReceiptKey, receiptKey, receiptKeySet } from '../receipt-keys.ts'
import { signReceipt } from '../sign-receipt.ts'
import { selectSteps } from '../store/consent-steps.ts'
import { verifyDisclosureBatches } from '../verify-disclosure-batches.ts'
import { type EvidenceProfile, type Mask, maskFor } from './evidence-profile.ts'
import { KEYS_FILE, MANIFEST_FILE, MANIFEST_TYPE, type Manifest } from './manifest.ts'
import { type PackedFile, packFile } from './pack-file.ts'
import { selectDecisions, selectEvidenceConsents, selectNoticeTexts } from './store/evidence-rows.ts'
import { EXCEPTION_CHECKS, selectExceptions } from './store/exceptions.ts'

export type EvidencePackInput = {
  readonly from: string | Date
  readonly to: string | Date
  readonly partner?: string | undefined
  readonly customer?: string | undefined
  readonly profile: EvidenceProfile
  /** Made if it is not there; it must be empty. */
  readonly folder: string
  /** The address of this installation. */
  readonly issuer: string
}

export type EvidencePackOptions = {
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

const MOST_DAYS = 3660
const AT_ONCE = 500
const MINUTES = 60

/**
 * Writes a folder of evidence for somebody outside: consents with their steps and receipts, the notices, disclosures,
 * decisions, and what a full scan finds that is not as it has to be; with a manifest that is signed by a key of
 * `/consents/jwks.json`. What stands in the tables is of one moment. Throws `INVALID_INPUT`, `NOT_FOUND` for an unknown
 * partner, and `WRONG_STATE` for a folder that is not empty.
 */
export async function writeEvidencePack(
  context: Context,
  input: EvidencePackInput,
  { onProgress }: EvidencePackOptions = {},
): Promise<Manifest> {
  const { profile, folder, issuer, from, to, partner, customer } = input
  if (profile === 'partner' && partner === undefined) {
    throw new Fault('INVALID_INPUT', 'partner: a pack for a partner names it', { field: 'partner' })
  }
  const search = await parseSearch(context.database.reads, { from, to, partner, customer }, MOST_DAYS)
  const key = await receiptKey(context)
  const keys = await receiptKeySet(context)
  const checkpoint = await latestCheckpoint(context)
  await requireEmpty(folder)
  const mask = maskFor(profile, randomBytes(32))
  const pack: Pack = { context, search, profile, folder, issuer, mask, key }
  const parts = [consents, notices, disclosures, decisions, exceptions]
  const files: PackedFile[] = [await packFile(folder, KEYS_FILE, (write) => write([keys]))]
  if (checkpoint !== undefined) {
    const { note, size } = checkpoint
    files.push(await packFile(folder, 'checkpoint.json', (write) => write([{ size, note }])))
  }
  await context.database.transaction(
    async (tx) => {
      for (const [done, part] of parts.entries()) {
        onProgress?.({ done, total: parts.length })
        files.push(await part(pack, tx))
      }
    },
    { isolation: 'repeatable read', statementTimeoutSeconds: 30 * MINUTES },
  )
  const said: Manifest = {
    ...{ version: 1, issuer, profile, madeAt: context.clock.now().toISOString() },
    ...{ from: search.from.toISOString(), to: search.to.toISOString(), partner, customer: mask.customer(customer) },
    exceptions: files.at(-1)?.lines ?? 0,
    files,
  }
  const signed = new CompactSign(Buffer.from(JSON.stringify(said)))
    .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: MANIFEST_TYPE })
    .sign(key.privateKey)
  await writeFile(path.join(folder, MANIFEST_FILE), `${await signed}\n`, { flag: 'wx', mode: 0o600 })
  onProgress?.({ done: parts.length, total: parts.length })
  return said
}

type Pack = {
  readonly context: Context
  readonly search: DisclosureSearch
  readonly profile: EvidenceProfile
  readonly folder: string
  readonly issuer: string
  readonly mask: Mask
  readonly key: ReceiptKey
}

async function requireEmpty(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if ((await readdir(folder)).length === 0) return
  } catch (cause) {
    throw new Fault('WRONG_STATE', `${folder} cannot be made or read`, { cause })
  }
  throw new Fault('WRONG_STATE', `${folder} is not empty: a pack is never written over anything`)
}

function consents({ folder, search, mask, key, issuer }: Pack, sql: Reader): Promise<PackedFile> {
  return packFile(folder, 'consents.ndjson', async (write) => {
    let found = await selectEvidenceConsents(sql, search, undefined, AT_ONCE)
    while (found.length > 0) {
      for (const { partnerId, ...consent } of found) {
        const steps = await selectSteps(sql, consent.id, { partner: partnerId }, AT_ONCE)
        const told = steps.map(async (step) => {
          const { status, by, at, record, change } = step
          return { change, status, by, at, record, receipt: await signReceipt(key, issuer, step) }
        })
        await write([{ ...mask.consent({ ...consent, partnerId }), history: await Promise.all(told) }])
      }
      found = await selectEvidenceConsents(sql, search, found.at(-1)?.id, AT_ONCE)
    }
  })
}

function notices({ folder, search }: Pack, sql: Reader): Promise<PackedFile> {
  return packFile(folder, 'notices.ndjson', async (write) => write(await selectNoticeTexts(sql, search)))
}

function disclosures({ folder, search, mask }: Pack, sql: Reader): Promise<PackedFile> {
  return packFile(folder, 'disclosures.ndjson', async (write) => {
    for (let cursor: readonly string[] | undefined; ; ) {
      const rows = await selectFound(sql, search, { cursor, direction: 'forward', limit: AT_ONCE }, 'oldest')
      await write(rows.map(mask.disclosure))
      const last = rows.at(-1)
      if (last === undefined) return
      cursor = [last.place, uuidOf(last.id)]
    }
  })
}

/** Of one customer there are none: they are about partners. */
function decisions({ folder, search, mask, profile }: Pack, sql: Reader): Promise<PackedFile> {
  return packFile(folder, 'decisions.ndjson', async (write) => {
    if (search.accountKey !== undefined) return
    const own = profile === 'partner'
    let found = await selectDecisions(sql, search, { own, after: undefined, limit: AT_ONCE })
    while (found.length > 0) {
      await write(found.map(mask.decision))
      found = await selectDecisions(sql, search, { own, after: found.at(-1)?.record, limit: AT_ONCE })
    }
  })
}

/** What the batches and incidents come to is of the whole house, and no partner's business. */
function exceptions({ context, folder, search, mask, profile }: Pack, sql: Reader): Promise<PackedFile> {
  return packFile(folder, 'exceptions.ndjson', async (write) => {
    for (const check of EXCEPTION_CHECKS) {
      for await (const found of selectExceptions(sql, search, check)) await write(found.map(mask.exception))
    }
    if (profile === 'partner') return
    const findings = await verifyDisclosureBatches(context)
    await write(findings.map(({ where, what }) => ({ check: 'BATCH_NOT_VERIFIED', about: where, says: what })))
    const now = context.clock.now()
    const late = (await selectOpenIncidents(sql)).flatMap((incident) =>
      tellingOf(incident, now).overdue.map((audience) => ({
        about: incident.id,
        says: `${audience} were not told in time`,
      })),
    )
    await write(late.map((each) => ({ check: 'NOTIFICATION_OVERDUE', ...each })))
  })
}
