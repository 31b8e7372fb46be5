import { lineOfText } from '../../kernel/parse.ts'

/** Why a contribution was confirmed or rejected, in a line that its partner reads too. */
export const decisionReason = lineOfText(300)
