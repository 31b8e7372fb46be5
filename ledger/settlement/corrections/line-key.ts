import type { Id } from '../../../kernel/ids.ts'
import type { LineExplanation } from '../../splits/explanation.ts'

/** What tells a line of a rule and month apart, whenever and out of which facts it was written. */
export function lineKey(explanation: LineExplanation, customer: Id<'cus'> | undefined): string {
  const { event, detail, contribution } = explanation
  if (event !== undefined) return event.id
  switch (detail?.kind) {
    case 'COURSE':
      return `${customer} ${detail.course}`
    case 'ASSETS':
      return `${customer}`
    case 'OVERRIDE':
      return detail.child
    default:
      return contribution?.id ?? ''
  }
}
