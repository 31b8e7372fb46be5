import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import { PARTNER_KINDS, type PartnerKind } from '../../partners/partner.ts'
import { act } from './act.ts'
import { addApplication } from './partner/application.ts'
import { addAssessment } from './partner/assessment.ts'
import { addCapability } from './partner/capability.ts'
import { addClient } from './partner/client.ts'
import { addComplaint } from './partner/complaint.ts'
import { addConformance } from './partner/conformance.ts'
import { addOffboard } from './partner/offboard.ts'
import { addPayoutAddress } from './partner/payout-address.ts'
import { addRating } from './partner/rating.ts'
import { addSandbox } from './partner/sandbox.ts'
import { addStanding } from './partner/standing.ts'

/** `tributary partner …` and `tributary client …`. */
export function addPartner(program: Command): void {
  const partner = program.command('partner').description('partners and their state')
  partner
    .command('create')
    .description('a new partner, in the sandbox, for which the broker vouches')
    .requiredOption('--code <code>', 'short name for good, such as acme-travel')
    .requiredOption('--name <name>', 'name that people read')
    .option('--jurisdiction <country>', 'where it is, ISO 3166-1 such as SG; here (CN) unless told')
    .addOption(new Option('--kind <kind>', 'what it is').choices(PARTNER_KINDS).makeOptionMandatory())
    .action((options: { code: string; name: string; kind: PartnerKind; jurisdiction?: string }, command: Command) =>
      act(command, async (context) => {
        const { createPartner } = await import('../../partners/create-partner.ts')
        return { result: await createPartner(context, options) }
      }),
    )
  partner
    .command('set-jurisdiction')
    .argument('<code>', "the partner's code")
    .argument('<country>', 'where it is from now on, ISO 3166-1 such as SG')
    .requiredOption('--reason <text>', 'why; it stands in the log, and the partner can read it')
    .description('abroad, consents that do not name that place stop to count from the next statement on')
    .action((code: string, jurisdiction: string, { reason }: { reason: string }, command: Command) =>
      act(command, async (context) => {
        const { setJurisdiction } = await import('../../partners/set-jurisdiction.ts')
        const input = { partner: code, jurisdiction, reason, idempotencyKey: randomUUID() }
        return { result: await setJurisdiction(context, input) }
      }),
    )
  partner
    .command('list')
    .description('partners by code, the first hundred')
    .action((_options: object, command: Command) =>
      act(command, async (context) => {
        const { listPartners } = await import('../../partners/list-partners.ts')
        const partners = (await listPartners(context, { first: 100 })).edges.map(({ node }) => node)
        return {
          result: partners,
          rows: partners.map(({ code, name, kind, status, jurisdiction }) => ({
            code,
            name,
            kind,
            status,
            jurisdiction,
          })),
        }
      }),
    )
  addStanding(partner)
  addApplication(partner)
  addAssessment(partner)
  addCapability(partner)
  addConformance(partner)
  addSandbox(partner)
  addRating(partner)
  addComplaint(partner)
  addOffboard(partner)
  addPayoutAddress(partner)
  addClient(program)
}
