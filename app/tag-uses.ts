import type { ReportUses } from '../customers/supply/use-ports.ts'
import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { recordTagUses } from '../ledger/facts/record-tag-uses.ts'

/** How reads of supplied tags become contributions. Those of a partner that may not report now wait until it may. */
export function reportingUses(context: Context): ReportUses {
  return async (partner, days) => {
    try {
      const results = await recordTagUses(context, { partner, uses: days })
      const refused = results.filter(({ outcome }) => outcome === 'refused').length
      if (refused > 0) context.log.error({ partner, refused }, 'reads of supplied tags became no contribution')
      return days.filter((_, index) => results[index]?.outcome !== 'refused')
    } catch (error) {
      if (error instanceof Fault && error.code === 'FORBIDDEN') return []
      throw error
    }
  }
}
