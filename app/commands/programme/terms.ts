import type { Command } from 'commander'
import type { TermsProposal } from '../../../ledger/agreements/terms-proposal.ts'
import { act } from '../act.ts'
import type { Row } from '../output.ts'
import { readTermsFile } from '../read-terms-file.ts'
import { describeFile } from './describe-file.ts'

/** `tributary terms …`. */
export function addTerms(program: Command): void {
  const terms = program.command('terms').description("a programme's terms, in versions, and how they come into force")
  addPublish(terms)
  addDraft(terms)
  addPropose(terms)
  addSignOnPaper(terms)
  addActivate(terms)
  addWithdraw(terms)
  addLists(terms)
}

function addPublish(terms: Command): void {
  terms
    .command('publish')
    .description('puts terms into force as an act of the broker alone: nobody is asked to sign')
    .argument('<file>', 'JSON')
    .requiredOption('--programme <code>')
    .action((file: string, { programme }: { programme: string }, command: Command) =>
      act(command, async (context) => {
        const { publishTerms } = await import('../../../ledger/agreements/publish-terms.ts')
        const { id, version, effectiveFrom, hash } = await publishTerms(context, {
          programme,
          terms: await readTermsFile(file),
        })
        return { result: { id, version, effectiveFrom, hash } }
      }),
    )
}

type DraftOptions = { readonly programme: string; readonly proposal?: string }

function addDraft(terms: Command): void {
  terms
    .command('draft')
    .description('keeps terms as a draft, or replaces the content of one')
    .argument('<file>', 'JSON')
    .requiredOption('--programme <code>')
    .option('--proposal <id>', 'the draft whose content this replaces, tpr_…')
    .action((file: string, options: DraftOptions, command: Command) =>
      act(command, async (context) => {
        const { draftTerms } = await import('../../../ledger/agreements/draft-terms.ts')
        return told(await draftTerms(context, { ...options, terms: await readTermsFile(file) }))
      }),
    )
}

function addPropose(terms: Command): void {
  terms
    .command('propose')
    .description('puts a draft to the members whom it would govern; its content is fixed then')
    .argument('<id>', 'tpr_…')
    .option('--hash <sha256>', 'the content that is meant, in case somebody changes the draft')
    .action((proposal: string, { hash }: { hash?: string }, command: Command) =>
      act(command, async (context) => {
        const { proposeTerms } = await import('../../../ledger/agreements/propose-terms.ts')
        return told(await proposeTerms(context, { proposal, hash }))
      }),
    )
}

type PaperOptions = {
  readonly partner: string
  readonly hash: string
  readonly document: string
  readonly mediaType?: string
}

function addSignOnPaper(terms: Command): void {
  terms
    .command('sign-on-paper')
    .description('records that a member signed proposed terms on paper')
    .argument('<id>', 'tpr_…')
    .requiredOption('--partner <code>', 'who signed')
    .requiredOption('--hash <sha256>', 'the hash that stands on the paper')
    .requiredOption('--document <file>', 'the signed paper; its hash is kept, its bytes are not')
    .option('--media-type <type>', 'what the file is, unless its name says it')
    .action((proposal: string, { document: file, mediaType, ...options }: PaperOptions, command: Command) =>
      act(command, async (context) => {
        const { signOnPaper } = await import('../../../ledger/agreements/sign-on-paper.ts')
        const document = await describeFile(file, mediaType)
        return told(await signOnPaper(context, { proposal, ...options, document }))
      }),
    )
}

function addActivate(terms: Command): void {
  terms
    .command('activate')
    .description('publishes proposed terms, once all whom they will govern have signed')
    .argument('<id>', 'tpr_…')
    .action((proposal: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { activateTerms } = await import('../../../ledger/agreements/activate-terms.ts')
        return told(await activateTerms(context, { proposal }))
      }),
    )
}

function addWithdraw(terms: Command): void {
  terms
    .command('withdraw')
    .description('takes a draft or a proposal back, for good')
    .argument('<id>', 'tpr_…')
    .requiredOption('--reason <text>', 'why; partners to whom it was put read it')
    .action((proposal: string, { reason }: { reason: string }, command: Command) =>
      act(command, async (context) => {
        const { withdrawTerms } = await import('../../../ledger/agreements/withdraw-terms.ts')
        return told(await withdrawTerms(context, { proposal, reason }))
      }),
    )
}

function addLists(terms: Command): void {
  terms
    .command('list')
    .description("a programme's published versions")
    .requiredOption('--programme <code>')
    .action(({ programme }: { programme: string }, command: Command) =>
      act(command, async (context) => {
        const { listTerms } = await import('../../../ledger/agreements/list-terms.ts')
        const versions = await listTerms(context, { programme })
        const rows = versions.map(({ id, version, effectiveFrom: from, effectiveTo: to, hash }) => {
          return { version, from, to, state: stateOf(context.clock.now(), { from, to }), id, hash }
        })
        return { result: rows, rows }
      }),
    )
  terms
    .command('proposals')
    .description('terms on their way, the last drafted first, up to a hundred')
    .option('--programme <code>', 'of this programme alone')
    .action(({ programme }: { programme?: string }, command: Command) =>
      act(command, async (context) => {
        const { listAwaited } = await import('../../../ledger/agreements/list-awaited.ts')
        const { listTermsProposals } = await import('../../../ledger/agreements/list-terms-proposals.ts')
        const { edges } = await listTermsProposals(context, { programme, page: { first: 100 } })
        const awaited = await listAwaited(context, { proposals: edges.map(({ node }) => node.id) })
        const proposals = edges.map(({ node }) => ({ ...node, awaited: awaited.get(node.id) ?? [] }))
        return { result: proposals, rows: proposals.map((one) => ({ ...rowOf(one), awaited: one.awaited.join(' ') })) }
      }),
    )
}

/** A version is in force until the next one supersedes it. */
function stateOf(now: Date, { from, to }: { readonly from: Date; readonly to: Date | undefined }): string {
  if (now < from) return 'TO_COME'
  return to !== undefined && now >= to ? 'SUPERSEDED' : 'IN_FORCE'
}

function told(proposal: TermsProposal): { readonly result: TermsProposal; readonly rows: readonly Row[] } {
  return { result: proposal, rows: [rowOf(proposal)] }
}

function rowOf({ id, version, effectiveFrom, status, hash }: TermsProposal): Row {
  return { id, version, effectiveFrom, status, hash }
}
