import { type Command, Option } from 'commander'
import type { DisclosureOutcome } from '../../customers/disclosure.ts'
import type { FoundDisclosure } from '../../customers/found/disclosure-search.ts'
import { DISCLOSURE_FORMATS, type DisclosureFormat } from '../../customers/found/export-disclosures.ts'
import { writeSharedTag } from '../../customers/granularity.ts'
import { act } from './act.ts'
import type { Row } from './output.ts'
import { withBar } from './progress.ts'
import { writeOut } from './write-out.ts'

type SearchOptions = {
  readonly from: string
  readonly to: string
  readonly customer?: string
  readonly partner?: string
  readonly consent?: string
  readonly tag?: string
  readonly outcome?: DisclosureOutcome
}
type ListOptions = SearchOptions & { readonly first: string; readonly after?: string }
type ExportOptions = SearchOptions & { readonly format: DisclosureFormat; readonly after?: string }

/** `tributary disclosure …`: who read what of whom. */
export function addDisclosure(program: Command): void {
  const disclosure = program.command('disclosure').description('who read what of whom, under which consent')
  searching(disclosure.command('list'))
    .option('--first <count>', 'how many, up to 100', '100')
    .option('--after <cursor>', 'go on behind this cursor, which --json says')
    .description('disclosures, the newest first')
    .action(({ first, after, ...search }: ListOptions, command: Command) =>
      act(command, async (context) => {
        const { searchDisclosures } = await import('../../customers/found/search-disclosures.ts')
        const page = await searchDisclosures(context, search, { first: Number(first), after })
        return { result: page, rows: page.edges.map(({ node }) => rowOf(node)) }
      }),
    )
  searching(disclosure.command('export'))
    .addOption(new Option('--format <format>', 'who reads it').choices(DISCLOSURE_FORMATS).makeOptionMandatory())
    .option('--after <id>', 'dis_…: go on behind the last line of an export that was cut off')
    .description('disclosures to standard output, the oldest first, each with the batch that proves it')
    .action(({ format, after, ...search }: ExportOptions, command: Command) =>
      act(command, async (context) => {
        const { exportDisclosures } = await import('../../customers/found/export-disclosures.ts')
        const { disclosures } = await withBar('disclosures', (onProgress) =>
          exportDisclosures(context, search, { format, after, onProgress }, writeOut),
        )
        process.stderr.write(`${disclosures} disclosures\n`)
        return {}
      }),
    )
}

function searching(command: Command): Command {
  return command
    .requiredOption('--from <time>', 'from when: 2026-11-01T00:00:00Z')
    .requiredOption('--to <time>', 'until when, exclusive; up to 31 days on unless somebody is named')
    .option('--customer <key>', 'account key')
    .option('--partner <code>', 'code or id')
    .option('--consent <id>', 'cns_…')
    .option('--tag <key>', 'where the answer held this tag')
    .addOption(new Option('--outcome <outcome>', 'whether it gave anything').choices(['disclosed', 'nothing']))
}

function rowOf({ id, at, partnerCode, accountKey, purpose, consentId, tags, outcome }: FoundDisclosure): Row {
  const what = { id, at, partner: partnerCode, customer: accountKey, purpose, consent: consentId }
  return { ...what, tags: tags.map(writeSharedTag).join(' '), outcome }
}
