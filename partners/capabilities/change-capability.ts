import { z } from 'zod'
import type { Reader, Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { SCOPES } from '../../kernel/caller.ts'
import { Fault } from '../../kernel/fault.ts'
import { instant } from '../../kernel/instant.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { once } from '../../records/once.ts'
import { requirePartner } from '../store/partners.ts'
import { CAPABILITY_KINDS, CAPABILITY_STATUSES, type Capability, QUOTA_KEYS } from './capability.ts'
import { sayCapability } from './say-capability.ts'
import { isCategory, lockCapabilities, selectCapability } from './store/capabilities.ts'

const MOST_PERMILLE = 10_000

const changeCapabilityInput = z
  .strictObject({
    /** Id or code. */
    partner: lineOfText(60),
    kind: z.enum(CAPABILITY_KINDS),
    key: lineOfText(60),
    status: z.enum(CAPABILITY_STATUSES),
    due: lineOfText(300).nullish(),
    until: z
      .string()
      .refine((text) => instant.safeParse(text).success, 'it is a time of RFC 3339, such as 2027-01-31T12:00:00Z')
      .nullish(),
    reason: lineOfText(300),
    permille: z.int().min(0).max(MOST_PERMILLE).nullish(),
    idempotencyKey: z.string(),
  })
  .superRefine((change, { addIssue }) => {
    for (const [field, message] of contradictions(change)) addIssue({ code: 'custom', path: [field], message })
  })

/**
 * Which capability of which partner: of `TAGS` and `PRODUCTS` the key is a category, of `GRAPH` a scope, of `QUOTA` `granted`
 * or `lowered`, with `permille` of the ordinary quota. `due` goes with `PENDING`. The partner reads the reason.
 */
export type ChangeCapabilityInput = z.input<typeof changeCapabilityInput>
type Change = Omit<z.output<typeof changeCapabilityInput>, 'idempotencyKey'>

/**
 * Says what a partner may do from now on, for whatever it was before; each statement that starts later goes by it. A
 * restriction for a time is laid on what is active without an end, so that nothing is widened when it is lifted. Throws
 * `INVALID_INPUT` (an unknown key, an end that is past), `NOT_FOUND`, `WRONG_STATE` (a restriction for a time on something
 * else), and `IDEMPOTENCY_CONFLICT`. Source: ADR 0034.
 */
export async function changeCapability(context: Context, input: ChangeCapabilityInput): Promise<Capability> {
  const { idempotencyKey: key, ...change } = parseWith(changeCapabilityInput, input, 'capability')
  const permille = change.permille == null ? null : BigInt(change.permille)
  const { answer } = await once(
    context,
    { scope: `${context.actor}:capabilities.change`, key, request: { ...change, permille } },
    async (tx) => answerOf(await changeIn(context, tx, change)),
  )
  return {
    ...answer,
    until: answer.until === undefined ? undefined : new Date(answer.until),
    changedAt: new Date(answer.changedAt),
  }
}

/** As it is kept for the same request again. */
function answerOf({ until, changedAt, ...rest }: Capability) {
  return { ...rest, until: until?.toISOString(), changedAt: changedAt.toISOString() }
}

async function changeIn(context: Context, tx: Transaction, change: Change): Promise<Capability> {
  const { id: partner } = await requirePartner(tx, change.partner)
  await refuseUnknownKey(tx, change)
  await lockCapabilities(tx, partner)
  const { kind, key, status, reason, due, permille } = change
  const { now, said } = await selectCapability(tx, { partner, kind, key })
  const until = change.until == null ? undefined : new Date(change.until)
  if (until !== undefined && until <= now) throw invalid('until', 'it is past')
  if (kind !== 'QUOTA' && status === 'RESTRICTED' && until !== undefined) refuseWidening(said)
  return sayCapability(context, tx, {
    ...{ partner, kind, key, status, until, reason, due: due ?? undefined, permille: permille ?? undefined },
    ...{ version: (said?.version ?? 0) + 1, changedAt: now },
  })
}

/** A name that nothing has would restrict nothing, and nobody would notice. */
async function refuseUnknownKey(sql: Reader, { kind, key }: Change): Promise<void> {
  switch (kind) {
    case 'TAGS':
    case 'PRODUCTS':
      if (!(await isCategory(sql, kind, key))) throw invalid('key', `there is no category ${JSON.stringify(key)}`)
      return
    case 'GRAPH':
      if (!SCOPES.some((scope) => scope === key)) throw invalid('key', `it is a scope: ${SCOPES.join(', ')}`)
      return
    case 'QUOTA':
      if (!QUOTA_KEYS.some((part) => part === key)) throw invalid('key', `it is one of ${QUOTA_KEYS.join(', ')}`)
  }
}

function refuseWidening(said: Capability | undefined): void {
  const lifted = said === undefined || (said.status === 'RESTRICTED' && said.until !== undefined)
  if (lifted || (said.status === 'ACTIVE' && said.until === undefined)) return
  throw new Fault(
    'WRONG_STATE',
    `${said.kind} ${said.key} is ${said.status}: a restriction for a time would widen it when it is lifted`,
    { field: 'until' },
  )
}

function contradictions({
  kind,
  key,
  status,
  due,
  permille,
}: Pick<Change, 'kind' | 'key' | 'status' | 'due' | 'permille'>): readonly (readonly [string, string])[] {
  const found: (readonly [string, string])[] = []
  if ((status === 'PENDING') !== (due != null))
    found.push(['due', 'what is PENDING says what is due, and nothing else'])
  if (kind !== 'QUOTA' && permille != null) found.push(['permille', 'only a QUOTA has it'])
  if (kind === 'QUOTA' && !isQuota({ key, status, permille })) {
    found.push([
      'permille',
      'granted is ACTIVE with permille, lowered is RESTRICTED with permille up to 1000 or ACTIVE',
    ])
  }
  return found
}

function isQuota({ key, status, permille }: Pick<Change, 'key' | 'status' | 'permille'>): boolean {
  if (key === 'granted') return status === 'ACTIVE' && permille != null
  if (key !== 'lowered') return true
  return status === 'RESTRICTED' ? permille != null && permille <= 1000 : status === 'ACTIVE' && permille == null
}

function invalid(field: string, why: string): Fault {
  return new Fault('INVALID_INPUT', `${field}: ${why}`, { field })
}
