import { type Id, namedId } from '../../kernel/ids.ts'

/** The id of what a rule gives in a statement: the same whenever it is written. */
export function earningId(statement: Id<'sta'>, ruleNo: number): Id<'ern'> {
  return namedId('ern', `${statement}/${ruleNo}`, statement)
}

/** The id of a line, which partners know: the same whenever it is written. */
export function lineId(statement: Id<'sta'>, ruleNo: number, lineNo: number): Id<'pol'> {
  return namedId('pol', `${statement}/${ruleNo}/${lineNo}`, statement)
}
