import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Consent } from '../../../customers/consent.ts'
import type { EvidenceProfile } from '../../../customers/evidence/evidence-profile.ts'
import { verifyEvidencePack } from '../../../customers/evidence/verify-evidence-pack.ts'
import { type EvidencePackInput, writeEvidencePack } from '../../../customers/evidence/write-evidence-pack.ts'
import { receiptKeySet } from '../../../customers/receipt-keys.ts'
import { revokeConsent } from '../../../customers/revoke-consent.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import { behindGuards } from '../../support/behind-guards.ts'
import { createWorld, useWorld } from '../../support/database.ts'
import { customer, defineCatalogue, grant, inDays, liveParty, type Party, read } from '../factories.ts'

const world = useWorld()
/** The tests' clock, by which records have their times, stands before the database's. */
const BEFORE_RECORDS = inDays(-1500)
let folder = ''
let one: Party
let two: Party
let [account, other] = ['', '']
let consent: Consent

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-evidence-'))
  await defineCatalogue(world.context)
  ;[one, two] = [await liveParty(world.context), await liveParty(world.context)]
  ;[account, other] = [await customer(world.owner), await customer(world.owner)]
  consent = await grant(world.context, one, account)
  await read(world.context, one, consent)
  await read(world.context, two, await grant(world.context, two, other))
  await revokeConsent(world.context, { accountKey: account, consentId: consent.id, idempotencyKey: 'r' })
  await read(world.context, one, consent)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let made = 0
async function pack(profile: EvidenceProfile, input: Partial<EvidencePackInput> = {}, place = world): Promise<string> {
  const out = path.join(folder, `pack-${++made}`)
  const span = { from: inDays(-1), to: inDays(1), issuer: 'https://gateway.test' }
  await writeEvidencePack(place.context, { ...span, profile, folder: out, ...input })
  return out
}

type Line = { readonly [name: string]: unknown }
const linesOf = async (out: string, name: string): Promise<readonly Line[]> =>
  (await readFile(path.join(out, `${name}.ndjson`), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

async function textOf(out: string): Promise<string> {
  const files = await readdir(out)
  return (await Promise.all(files.map((file) => readFile(path.join(out, file), 'utf8')))).join('\n')
}

describe('a pack of evidence', () => {
  test('holds consents with their steps and receipts, disclosures and decisions, and no exception where all is well', async () => {
    const out = await pack('regulator', { from: BEFORE_RECORDS })
    const consents = await linesOf(out, 'consents')
    expect(consents).toHaveLength(2)
    expect(consents.find(({ id }) => id === consent.id)).toMatchObject({
      customer: account,
      status: 'REVOKED',
      tags: ['age:exact'],
      history: [
        { status: 'REVOKED', by: 'CUSTOMER', receipt: expect.stringMatching(/^eyJ/) },
        { status: 'AUTHORISED', by: 'CUSTOMER', receipt: expect.stringMatching(/^eyJ/) },
      ],
    })
    expect((await linesOf(out, 'disclosures')).map(({ outcome }) => outcome)).toEqual([
      'disclosed',
      'disclosed',
      'nothing',
    ])
    expect((await linesOf(out, 'decisions')).map(({ kind }) => kind)).toContain('partner')
    expect(await linesOf(out, 'exceptions')).toEqual([])
  })

  test('for an auditor has pseudonyms that two packs do not share, and no name of the staff', async () => {
    const [first, second] = [await pack('auditor'), await pack('auditor')]
    const text = await textOf(first)
    expect(text).not.toContain(account)
    expect(text).not.toContain('staff:')
    const names = async (out: string) => (await linesOf(out, 'disclosures')).map((line) => String(line['customer']))
    const [own, others] = [await names(first), await names(second)]
    expect(own[0]).toMatch(/^customer-[0-9a-f]{32}$/)
    expect(others).not.toContain(own[0])
  })

  test('for a partner has its own alone, and no account key at all', async () => {
    const out = await pack('partner', { partner: one.partner.code, from: BEFORE_RECORDS })
    const text = await textOf(out)
    expect(text).not.toContain(account)
    expect(text).not.toContain(two.partner.code)
    expect(text).not.toContain(two.partner.id)
    expect(await linesOf(out, 'consents')).toMatchObject([{ id: consent.id, subject: consent.subject }])
    expect((await linesOf(out, 'decisions')).length).toBeGreaterThan(0)
  })

  test('of one customer has that customer alone', async () => {
    const out = await pack('regulator', { customer: other })
    expect((await linesOf(out, 'disclosures')).map((line) => line['customer'])).toEqual([other])
    expect(await textOf(out)).not.toContain(account)
  })

  test.each([
    [{ profile: 'partner' as const }, 'INVALID_INPUT'],
    [{ partner: 'no-such-partner' }, 'NOT_FOUND'],
    [{ to: inDays(-2) }, 'INVALID_INPUT'],
    [{ to: 'tomorrow' }, 'INVALID_INPUT'],
  ])('is refused for what it cannot be, %#', async (input, code) => {
    await expect(pack('regulator', input)).rejects.toMatchObject({ code })
  })

  test('is not written into a folder that is not empty', async () => {
    const out = await pack('regulator')
    const before = await textOf(out)
    await expect(pack('regulator', { folder: out })).rejects.toMatchObject({ code: 'WRONG_STATE' })
    expect(await textOf(out)).toBe(before)
  })
})

describe('a stranger', () => {
  test('checks a pack with the published keys alone', async () => {
    const out = await pack('auditor')
    const keys = path.join(folder, 'published.json')
    await writeFile(keys, JSON.stringify(await receiptKeySet(world.context)))
    expect(await verifyEvidencePack(out, { keys })).toMatchObject({ sound: true })
    expect(await verifyEvidencePack(out)).toMatchObject({ sound: true })
  })

  test('sees a line that was added, a file that was taken or put in, and keys of somebody else', async () => {
    const changed = await pack('regulator')
    await appendFile(path.join(changed, 'disclosures.ndjson'), '{}\n')
    expect((await verifyEvidencePack(changed)).checks.filter(({ result }) => result === 'failed')).toMatchObject([
      { check: 'disclosures.ndjson' },
    ])
    const taken = await pack('regulator')
    await rm(path.join(taken, 'exceptions.ndjson'))
    await writeFile(path.join(taken, 'more.ndjson'), '')
    const { sound, checks } = await verifyEvidencePack(taken)
    expect(sound).toBe(false)
    expect(checks.filter(({ result }) => result === 'failed').map(({ check }) => check)).toEqual([
      'exceptions.ndjson',
      'more.ndjson',
    ])
    const strange = await createWorld()
    try {
      const keys = path.join(folder, 'strange.json')
      await writeFile(keys, JSON.stringify(await receiptKeySet(strange.context)))
      expect(await verifyEvidencePack(await pack('regulator'), { keys })).toMatchObject({ sound: false })
    } finally {
      await strange.close()
    }
  })
})

test('a full scan finds what was done behind the guards', async () => {
  const [party, kept] = [uuidOf(one.partner.id), uuidOf(consent.id)]
  await behindGuards(
    world.owner,
    `insert into disclosures
       (id, at, partner_id, client_id, customer_id, subject, purpose, consent_id, tags, outcome, request_id)
     select gen_random_uuid(), clock_timestamp() + interval '1 minute', '${party}', '${party}', c.customer_id, 's', c.purpose,
            c.id, array['age:exact', 'assets:band'], 'disclosed', 'r'
     from consents c where c.id = '${kept}'`,
    `delete from consent_events where consent_id <> '${kept}'`,
  )
  const found = await linesOf(await pack('regulator'), 'exceptions')
  const kinds = found.map(({ check }) => check)
  expect(kinds).toContain('DISCLOSED_WITHOUT_CONSENT')
  expect(kinds).toContain('DISCLOSED_BEYOND_CONSENT')
  expect(kinds).toContain('RECEIPT_MISSING')
  expect(found.find(({ check }) => check === 'DISCLOSED_BEYOND_CONSENT')).toMatchObject({
    customer: account,
    partner: one.partner.code,
    says: 'the consent does not cover assets:band',
  })
})
