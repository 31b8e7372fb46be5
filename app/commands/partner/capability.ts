import { randomUUID } from 'node:crypto'
import { Argument, type Command, InvalidArgumentError } from 'commander'
import {
  CAPABILITY_KINDS,
  CAPABILITY_STATUSES,
  type CapabilityKind,
  type CapabilityNow,
  type CapabilityStatus,
} from '../../../partners/capabilities/capability.ts'
import { act } from '../act.ts'
import type { Row } from '../output.ts'

type SetOptions = {
  readonly due?: string
  readonly until?: string
  readonly reason: string
  readonly permille?: number
  readonly key?: string
}

/** `tributary partner capability list` and `set`. */
export function addCapability(partner: Command): void {
  const capability = partner.command('capability').description('what a partner may ask for, see and do, and how much')
  addList(capability)
  addSet(capability)
}

function addList(capability: Command): void {
  capability
    .command('list')
    .argument('<code>', "the partner's code")
    .description('what counts now; * stands for whatever nothing is said of')
    .action((code: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { listCapabilities } = await import('../../../partners/capabilities/list-capabilities.ts')
        const capabilities = await listCapabilities(context, code)
        return { result: capabilities, rows: capabilities.map(rowOf) }
      }),
    )
}

function addSet(capability: Command): void {
  capability
    .command('set')
    .argument('<code>', "the partner's code")
    .addArgument(new Argument('<kind>', 'what it is about').choices(CAPABILITY_KINDS))
    .argument('<key>', 'a category of tags or products, a scope, or granted or lowered of the quota')
    .addArgument(new Argument('<status>', 'from now on').choices(CAPABILITY_STATUSES))
    .requiredOption('--reason <text>', 'why; the partner reads it')
    .option('--due <text>', 'what the partner has to do first, if it is PENDING')
    .option('--until <time>', 'RFC 3339: permission ends then, a restriction is lifted then')
    .option('--permille <number>', 'of the ordinary quota', permilleOf)
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('says what a partner may do from now on; it counts for the next statement')
    .action(
      (
        code: string,
        kind: CapabilityKind,
        name: string,
        status: CapabilityStatus,
        { key, ...options }: SetOptions,
        command: Command,
      ) =>
        act(command, async (context) => {
          const { changeCapability } = await import('../../../partners/capabilities/change-capability.ts')
          const place = { partner: code, kind, key: name, status }
          const said = await changeCapability(context, {
            ...{ ...place, ...options },
            idempotencyKey: key ?? randomUUID(),
          })
          return { result: said, rows: [rowOf(said)] }
        }),
    )
}

function permilleOf(text: string): number {
  if (!/^[0-9]{1,5}$/.test(text)) throw new InvalidArgumentError('a whole number from 0 to 10000')
  return Number(text)
}

function rowOf({ kind, key, status, permille, due, until, reason }: Omit<CapabilityNow, 'changedAt' | 'record'>): Row {
  return { kind, key, status, permille, due, until, reason }
}
