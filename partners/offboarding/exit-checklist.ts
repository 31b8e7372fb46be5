import type { Reader } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { NOTHING_OPEN, type OpenThing } from '../../kernel/open-thing.ts'
import { findOpenComplaints } from '../complaints/store/open-complaints.ts'
import type { Partner } from '../partner.ts'
import { requirePartner } from '../store/partners.ts'
import { ACKNOWLEDGEABLE_EXITS, EXIT_CODES, type ExitCode, type ExitItem } from './exit-item.ts'
import type { ExitPorts } from './exit-ports.ts'
import { EXIT_WORDS } from './exit-words.ts'
import type { Offboarding } from './offboarding.ts'
import { requireOffboarding } from './require-offboarding.ts'

/** A partner's exit, and all that it waits for. */
export type ExitChecklist = {
  readonly partner: Partner
  readonly offboarding: Offboarding
  readonly items: readonly ExitItem[]
}

/** Looks a partner's (code or id) exit over; it changes nothing. Throws `NOT_FOUND`. */
export async function exitChecklist(context: Context, partner: string, ports: ExitPorts): Promise<ExitChecklist> {
  const { reads } = context.database
  const offboarding = await requireOffboarding(context, partner)
  const found = await requirePartner(reads, partner)
  return { partner: found, offboarding, items: await lookOver(context, reads, { partner: found, offboarding }, ports) }
}

/** The same as one reader sees it, of an exit that was found. */
export async function lookOver(
  { clock }: Context,
  sql: Reader,
  { partner: { id, code }, offboarding }: Omit<ExitChecklist, 'items'>,
  ports: ExitPorts,
): Promise<readonly ExitItem[]> {
  const { status, exitAt, steps } = offboarding
  const begun = steps.length > 0
  if (status === 'CANCELLED') return []
  const things: Readonly<Record<ExitCode, OpenThing>> = {
    EXIT_DATE: begun ? NOTHING_OPEN : { count: 1, examples: [], until: exitAt },
    CLIENTS: steps.some(({ step }) => step === 'CLIENTS_REVOKED') ? NOTHING_OPEN : { count: 1, examples: [] },
    COMPLAINTS: await findOpenComplaints(sql, id),
    ...(await ports.openThings(sql, { partner: id, code, now: clock.now() })),
  }
  return EXIT_CODES.map((name) => itemOf(name, things[name], { begun, partner: code }))
}

function itemOf(
  code: ExitCode,
  { count, examples, amounts = [], until }: OpenThing,
  { begun, partner }: { readonly begun: boolean; readonly partner: string },
): ExitItem {
  const acknowledgeable = ACKNOWLEDGEABLE_EXITS.some((one) => one === code)
  const nothing = { count: 0, examples: [], amounts: [], until: undefined, command: undefined, acknowledgeable }
  const { done, open, command } = EXIT_WORDS[code]
  if (!begun && code !== 'EXIT_DATE') {
    return { code, state: 'NOT_YET', sentence: 'asked once the date has come', ...nothing }
  }
  if (count === 0) return { code, state: 'DONE', sentence: done, ...nothing }
  const told = { count, examples, amounts, until, command: command?.replace('CODE', partner), acknowledgeable }
  return { code, state: 'OPEN', sentence: open, ...told }
}
