import { definePurposes } from '../../customers/define-purposes.ts'
import { defineTags } from '../../customers/define-tags.ts'
import { type SupplyResult, supplyTags } from '../../customers/supply/supply-tags.ts'
import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { createPartner } from '../../partners/create-partner.ts'
import { goLive } from '../../partners/go-live.ts'
import { activeClient } from '../partners/factories.ts'
import { grant, PURPOSES, TAGS } from './factories.ts'

/** Tags that partners supply, a plain one and a sensitive one. */
export const SUPPLIED = ['score', 'debt'] as const

/** Defines them for suppliers with these codes, and the purposes SCORING, to read them, and SCORES_TAKEN, to supply them. */
export async function defineSupplied(context: Context, suppliers: readonly string[]): Promise<void> {
  const [age] = TAGS
  const common = { ...age, labelEn: 'Score', suppliers }
  await defineTags(context, [
    { ...common, key: 'score' },
    { ...common, key: 'debt', type: 'DECIMAL', sensitivity: 'HIGH' },
  ])
  const [purpose] = PURPOSES
  const named = { ...purpose, tagKeys: [...SUPPLIED] }
  await definePurposes(context, [
    { ...named, key: 'SCORING' },
    { ...named, key: 'SCORES_TAKEN', direction: 'SUPPLY' },
  ])
}

/** Both tags, at the granularity of a consent. */
export function sharing(granularity: 'exact' | 'band' = 'exact') {
  return SUPPLIED.map((key) => ({ key, granularity }))
}

/** A live partner of kind DATA that supplies a score and a debt of each customer who lets it, once. */
export async function supplyBoth(
  context: Context,
  code: string,
  accounts: readonly string[],
): Promise<readonly SupplyResult[]> {
  const partner = await createPartner(context, { code, name: code, kind: 'DATA' })
  const client = await activeClient(context, partner.id)
  await goLive(context, { partner: partner.id })
  await defineSupplied(context, [code])
  const items = []
  for (const account of accounts) {
    const { subject } = await grant(context, { partner }, account, { purpose: 'SCORES_TAKEN', tags: sharing() })
    const observedAt = '2026-01-15T08:00:00Z'
    items.push({ subject, key: 'score', value: '61', observedAt, quality: 900 })
    items.push({ subject, key: 'debt', value: '1200.5', observedAt })
  }
  const caller: PartnerCaller = {
    ...{ kind: 'partner', partner: partner.id, client: client.id },
    ...{ scopes: new Set(['tags:supply'] as const), requestId: code },
  }
  return supplyTags(context, { caller, idempotencyKey: code, items })
}
