import type { Context } from '../database/context.ts'
import type { PartnerCaller } from '../kernel/caller.ts'
import type { CustomerView } from './customer-view.ts'
import { possibleValues, type SharedValue } from './possible-values.ts'
import { selectUnwilling } from './preferences/store/preferences.ts'
import { readCustomers } from './read-customers.ts'
import { selectDefinitions } from './store/tag-definitions.ts'

/** The tag that says how much risk a customer may take. */
const RISK_TAG = 'risk_level'

/** What a partner may know of a customer for matching products. */
export type MatchedCustomer = {
  /** The levels of risk that what is shared leaves open; none where nothing is shared. */
  readonly levels: readonly string[]
  /** Whether the customer wants recommendations. */
  readonly recommendations: boolean
}

/**
 * What a partner may know, under the consent by which it reads a customer, of how much risk that customer takes. Unless the
 * view has the tag already it is read here, with a disclosure like any read. Whether the customer wants recommendations is
 * asked after that. Throws what {@link readCustomers} throws.
 */
export async function readMatchedCustomer(
  context: Context,
  { caller, view }: { readonly caller: PartnerCaller; readonly view: CustomerView },
): Promise<MatchedCustomer> {
  const levels = await readLevels(context, caller, view)
  const unwilling = await selectUnwilling(context.database.reads, caller.partner, [view.subject])
  return { levels, recommendations: !unwilling.has(view.subject) }
}

async function readLevels(context: Context, caller: PartnerCaller, view: CustomerView): Promise<readonly string[]> {
  const { subject, purpose } = view
  const reads = [{ subject, purpose, tags: [RISK_TAG] }]
  const shared = riskIn(view) ?? riskIn((await readCustomers(context, { caller, reads }))[0])
  if (shared === undefined) return []
  const [definition] = await selectDefinitions(context.database.reads, [RISK_TAG])
  return definition === undefined ? [] : possibleValues(definition, shared)
}

function riskIn(view: CustomerView | null | undefined): SharedValue | undefined {
  const { granularity = null, value = null } = view?.tags.find(({ key }) => key === RISK_TAG) ?? {}
  return granularity === null || value === null ? undefined : { granularity, value }
}
