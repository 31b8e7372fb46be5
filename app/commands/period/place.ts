import { type Command, Option } from 'commander'
import { ACKNOWLEDGEABLE } from '../../../ledger/settlement/checklist-code.ts'

export type PlaceOptions = { readonly programme: string; readonly month: string }
export type LockOptions = PlaceOptions & { readonly acknowledge?: readonly string[] }

/** Which month of which programme a command is for. */
export function withPlace(command: Command): Command {
  return command.requiredOption('--programme <code>').requiredOption('--month <month>', 'such as 2026-01')
}

/** What of the checklist may stand open. */
export function withAcknowledge(command: Command): Command {
  return command.addOption(
    new Option('--acknowledge <code...>', 'what of the checklist may stand open').choices(ACKNOWLEDGEABLE),
  )
}
