import { ACKNOWLEDGEABLE, type AcknowledgeableCode, CHECKLIST_CODES, type ChecklistCode } from './checklist-code.ts'
import { CHECKLIST_WORDS, type Severity } from './checklist-words.ts'

export const CHECKLIST_STATES = ['DONE', 'OPEN', 'NOT_YET'] as const
/** Whether something of an item is open; `NOT_YET` is not asked before the month is locked. */
export type ChecklistState = (typeof CHECKLIST_STATES)[number]

/** One thing that a month is looked over for. */
export type ChecklistItem = {
  readonly code: ChecklistCode
  readonly severity: Severity
  readonly state: ChecklistState
  /** How many there are of what is open. */
  readonly count: number
  readonly sentence: string
  /** Ids of up to ten of them, or months. */
  readonly examples: readonly string[]
  /** What to run to get on with it. */
  readonly command: string | undefined
  /** Whether the month may be locked with it open, if somebody says so. */
  readonly acknowledgeable: boolean
}

/** What was found open, by code; what is absent is done. */
export type OpenThings = {
  readonly [code in ChecklistCode]?: { readonly count: number; readonly examples: readonly string[] }
}

/** Whose checklist it is, and whether it is locked. */
export type ChecklistPlace = { readonly programme: string; readonly month: string; readonly locked: boolean }

/**
 * The checklist of a month, all codes in their order. What hinders that it is closed is not asked before it is locked, and
 * what hindered its lock is past once it is.
 */
export function checklistOf(things: OpenThings, place: ChecklistPlace): readonly ChecklistItem[] {
  return CHECKLIST_CODES.map((code) => {
    const { severity } = CHECKLIST_WORDS[code]
    const { count, examples } = things[code] ?? NOTHING
    const told = { ...{ code, severity, count, examples }, acknowledgeable: isAcknowledgeable(code) }
    return { ...told, ...wordsOf(code, { count, examples }, place) }
  })
}

const NOTHING = { count: 0, examples: [] }

function wordsOf(
  code: ChecklistCode,
  { count, examples }: Pick<ChecklistItem, 'count' | 'examples'>,
  { programme, month, locked }: ChecklistPlace,
): Pick<ChecklistItem, 'state' | 'sentence' | 'command'> {
  const { severity, done, open, command } = CHECKLIST_WORDS[code]
  const nothing = { command: undefined }
  if (locked && severity === 'HINDERS_LOCK') return { state: 'DONE', sentence: 'the month is locked', ...nothing }
  if (!locked && severity === 'HINDERS_CLOSE') {
    return { state: 'NOT_YET', sentence: 'asked once the month is locked', ...nothing }
  }
  if (count === 0) return { state: 'DONE', sentence: done, ...nothing }
  const first = code === 'EARLIER_MONTH_OPEN' ? (examples[0] ?? month) : month
  const named = command?.replace('PLACE', `--programme ${programme} --month ${first}`).replace('MONTH', month)
  return { state: 'OPEN', sentence: open, command: named }
}

/** Items that are open and hinder a step; of those that can be acknowledged, the ones that were not. */
export function hindering(
  items: readonly ChecklistItem[],
  severity: Severity,
  acknowledged: readonly AcknowledgeableCode[] = [],
): readonly ChecklistItem[] {
  const accepted: readonly ChecklistCode[] = acknowledged
  return items.filter((item) => item.state === 'OPEN' && item.severity === severity && !accepted.includes(item.code))
}

/** Codes and counts in one line, `UNPAID_STATEMENTS (2), UNSEALED_RECORDS (3)`. */
export function codesAndCounts(items: readonly ChecklistItem[]): string {
  return items.map(({ code, count }) => `${code} (${count})`).join(', ')
}

/** Whether a month may be locked with this open, if somebody says so. */
export function isAcknowledgeable(code: ChecklistCode): code is AcknowledgeableCode {
  return ACKNOWLEDGEABLE.some((one) => one === code)
}
