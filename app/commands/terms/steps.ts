import type { Command } from 'commander'
import type { TermsProposal } from '../../../ledger/agreements/terms-proposal.ts'
import { act } from '../act.ts'
import { describeFile } from '../describe-file.ts'
import type { Row } from '../output.ts'
import { readTermsFile } from '../read-terms-file.ts'
import { proposalRow } from './proposal-row.ts'

/** `tributary terms draft`, `propose`, `sign-on-paper`, `activate`, `withdraw`. */
export function addSteps(terms: Command): void {
  addDraft(terms)
  addPropose(terms)
  addSignOnPaper(terms)
  addActivate(terms)
  addWithdraw(terms)
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

function told(proposal: TermsProposal): { readonly result: TermsProposal; readonly rows: readonly Row[] } {
  return { result: proposal, rows: [proposalRow(proposal)] }
}
