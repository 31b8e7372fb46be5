import { consentExitThings } from '../customers/exits/consent-exit-things.ts'
import type { Context } from '../database/context.ts'
import { formatDecimal, type Money } from '../kernel/money.ts'
import { exitHistory } from '../ledger/exits/exit-history.ts'
import { exitChecklist } from '../partners/offboarding/exit-checklist.ts'
import type { ExitItem } from '../partners/offboarding/exit-item.ts'
import { latestCheckpoint } from '../records/sign-checkpoint.ts'
import { exitPorts } from './exit-ports.ts'

/**
 * The whole exit of a partner (code or id) as one document: who planned it and why, what was done when and to how many, what is open, and
 * all that happened to its money since it was planned, each fact with its record, and the checkpoint under which records can be
 * proven. Amounts are decimals. Throws `NOT_FOUND`.
 */
export async function exitReport(context: Context, named: string) {
  const { partner, offboarding, items } = await exitChecklist(context, named, exitPorts)
  const { id, code, name, kind, status } = partner
  const { record, partner: _, ...exit } = offboarding
  const { DELETIONS } = await consentExitThings(context.database.reads, id)
  const checkpoint = await latestCheckpoint(context)
  const history = await exitHistory(context, { partner: id, since: offboarding.plannedAt })
  return {
    partner: { id, code, name, kind, status },
    exit: { ...exit, record },
    deletionsOpen: DELETIONS.count,
    checklist: items.map(itemOf),
    history: history.map(({ asset, minor, ...fact }) => ({
      ...fact,
      ...(asset !== undefined && minor !== undefined && { amount: formatDecimal({ asset, minor }), asset }),
    })),
    checkpoint: checkpoint && { size: checkpoint.size, root: checkpoint.root.toString('hex'), note: checkpoint.note },
  }
}

function itemOf({ amounts, ...item }: ExitItem) {
  return { ...item, amounts: amounts.map(amountOf) }
}

function amountOf(money: Money) {
  return { amount: formatDecimal(money), asset: money.asset }
}
