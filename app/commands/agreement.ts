import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Agreement } from '../../ledger/agreements/agreement.ts'
import type { AgreementProposal } from '../../ledger/agreements/agreement-proposal.ts'
import type { Programme } from '../../ledger/agreements/programme.ts'
import { act } from './act.ts'
import type { Row } from './output.ts'

type Membership = {
  readonly programme: string
  readonly partner: string
  readonly from: string
  readonly to?: string
  readonly data?: readonly string[]
}

/** `tributary agreement …`. */
export function addAgreement(program: Command): void {
  const agreement = program.command('agreement').description('who is a member of a programme, and until when')
  addCreate(agreement)
  addPropose(agreement)
  addEnds(agreement)
  addReserve(agreement)
  addLists(agreement)
}

function addCreate(agreement: Command): void {
  withMembership(agreement.command('create'))
    .description('makes a partner a member as an act of the broker alone: it is not asked to sign')
    .action((options: Membership, command: Command) =>
      act(command, async (context) => {
        const { createAgreement } = await import('../../ledger/agreements/create-agreement.ts')
        return { result: await createAgreement(context, membershipOf(options)) }
      }),
    )
}

function addPropose(agreement: Command): void {
  withMembership(agreement.command('propose'))
    .description('offers a partner the membership; it is a member once it countersigns')
    .action((options: Membership, command: Command) =>
      act(command, async (context) => {
        const { proposeAgreement } = await import('../../ledger/agreements/propose-agreement.ts')
        return { result: await proposeAgreement(context, membershipOf(options)) }
      }),
    )
}

function withMembership(command: Command): Command {
  return command
    .requiredOption('--programme <code>')
    .requiredOption('--partner <code>')
    .requiredOption('--from <time>', 'RFC 3339')
    .option('--to <time>', 'RFC 3339')
    .option('--data <scopes...>', 'which tags the partner may ask customers for: TRAVEL:trips_year,home_city')
}

/** `PURPOSE:tag,tag` for each purpose. */
function membershipOf({ data, ...rest }: Membership) {
  const dataScope = data?.map((text) => {
    const [purpose = '', tags = ''] = text.split(':')
    return { purpose, tags: tags.split(',') }
  })
  return { ...rest, ...(dataScope && { dataScope }) }
}

function addEnds(agreement: Command): void {
  agreement
    .command('withdraw')
    .description('takes an offered membership back, for good')
    .argument('<id>', 'apr_…')
    .requiredOption('--reason <text>', 'why; its partner reads it')
    .action((proposal: string, { reason }: { reason: string }, command: Command) =>
      act(command, async (context) => {
        const { withdrawAgreement } = await import('../../ledger/agreements/withdraw-agreement.ts')
        return { result: await withdrawAgreement(context, { proposal, reason }) }
      }),
    )
  agreement
    .command('end')
    .description('ends a membership, once and for good; what was earned until then is settled')
    .argument('<id>', 'agr_…')
    .requiredOption('--at <time>', 'RFC 3339: the first instant at which it does not run any more')
    .requiredOption('--reason <text>', 'why; its partner reads it')
    .action((id: string, options: { at: string; reason: string }, command: Command) =>
      act(command, async (context) => {
        const { endAgreement } = await import('../../ledger/agreements/end-agreement.ts')
        return { result: await endAgreement(context, { agreement: id, ...options }) }
      }),
    )
}

type ReserveOptions = {
  readonly amount: string
  readonly until: string
  readonly reason: string
  readonly key?: string
}

function addReserve(agreement: Command): void {
  agreement
    .command('reserve')
    .description('keeps a part of what an ended membership comes to from being paid: refunds may still take it back')
    .argument('<id>', 'agr_…')
    .requiredOption('--amount <decimal>', 'in the asset of its programme; 0 lifts the reserve')
    .requiredOption('--until <month>', 'the month whose statement keeps nothing back any more, such as 2027-03')
    .requiredOption('--reason <text>', 'why; its partner reads it')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .action((id: string, { key, ...options }: ReserveOptions, command: Command) =>
      act(command, async (context) => {
        const { setReserve } = await import('../../ledger/reserves/set-reserve.ts')
        return {
          result: await setReserve(context, { agreement: id, ...options, idempotencyKey: key ?? randomUUID() }),
        }
      }),
    )
}

function addLists(agreement: Command): void {
  agreement
    .command('list')
    .description('memberships of a programme, oldest first, up to a hundred')
    .requiredOption('--programme <code>')
    .action(({ programme }: { programme: string }, command: Command) =>
      act(command, async (context) => {
        const { listAgreements } = await import('../../ledger/agreements/list-agreements.ts')
        const only = { programme: (await requireKnown(context, programme)).id }
        const { edges } = await listAgreements(context, { ...only, page: { first: 100 } })
        const agreements = edges.map(({ node }) => node)
        return { result: agreements, rows: agreements.map(rowOf) }
      }),
    )
  agreement
    .command('proposals')
    .description('offered memberships of a programme, the last first, up to a hundred')
    .requiredOption('--programme <code>')
    .action(({ programme }: { programme: string }, command: Command) =>
      act(command, async (context) => {
        const { listAgreementProposals } = await import('../../ledger/agreements/list-agreement-proposals.ts')
        const only = { programme: (await requireKnown(context, programme)).id }
        const { edges } = await listAgreementProposals(context, { ...only, page: { first: 100 } })
        const proposals = edges.map(({ node }) => node)
        return { result: proposals, rows: proposals.map(rowOfProposal) }
      }),
    )
}

async function requireKnown(context: Context, programme: string): Promise<Programme> {
  const { findProgramme } = await import('../../ledger/agreements/find-programme.ts')
  const known = await findProgramme(context, programme)
  if (known !== undefined) return known
  throw new Fault('NOT_FOUND', `there is no programme ${JSON.stringify(programme)}`, { field: 'programme' })
}

function rowOf({ id, partnerCode: partner, startsAt, endsAt, status }: Agreement): Row {
  return { id, partner, startsAt, endsAt, status }
}

function rowOfProposal({ id, startsAt, endsAt, status, hash }: AgreementProposal): Row {
  return { id, startsAt, endsAt, status, hash }
}
