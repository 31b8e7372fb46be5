import { Command } from 'commander'
import { wantsJson } from './commands/act.ts'
import { addAdjustment } from './commands/adjustment.ts'
import { addAgreement } from './commands/agreement.ts'
import { addAlert } from './commands/alert.ts'
import { addAnchor } from './commands/anchor.ts'
import { addBackup } from './commands/backup.ts'
import { addBank } from './commands/bank.ts'
import { addConsent } from './commands/consent.ts'
import { addContribution } from './commands/contribution.ts'
import { addCustomer } from './commands/customer.ts'
import { addDev } from './commands/dev.ts'
import { addDistribution } from './commands/distribution.ts'
import { addDocument } from './commands/document.ts'
import { addImport } from './commands/import.ts'
import { addIncident } from './commands/incident.ts'
import { addLedger } from './commands/ledger.ts'
import { addOpening } from './commands/opening.ts'
import { print } from './commands/output.ts'
import { addPartner } from './commands/partner.ts'
import { addPayout } from './commands/payout.ts'
import { addPeriod } from './commands/period.ts'
import { addPoints } from './commands/points.ts'
import { addProgramme } from './commands/programme.ts'
import { addReceivable } from './commands/receivable.ts'
import { addReward } from './commands/reward.ts'
import { addRules } from './commands/rules.ts'
import { addSchema } from './commands/schema.ts'
import { addSigningKey } from './commands/signing-key.ts'
import { addStatement } from './commands/statement.ts'
import { addSubject } from './commands/subject.ts'
import { addTagKeys } from './commands/tag-keys.ts'
import { addTerms } from './commands/terms.ts'
import { addVerifyBundle } from './commands/verify-bundle.ts'
import { addWebhookCommands } from './commands/webhook.ts'
import { SETTINGS } from './config.ts'
import { sayFault } from './say-fault.ts'

const program = new Command('tributary')
  .description('Partner gateway with a provable revenue-sharing ledger')
  .option('--json', 'one JSON document on standard output')
  .showHelpAfterError()

const nouns = [
  addImport,
  addCustomer,
  addConsent,
  addSubject,
  addAlert,
  addIncident,
  addContribution,
  addPartner,
  addWebhookCommands,
  addProgramme,
  addTerms,
  addAgreement,
  addDocument,
  addPeriod,
  addStatement,
  addPoints,
  addReward,
  addAdjustment,
  addReceivable,
  addOpening,
  addRules,
  addLedger,
  addAnchor,
  addDistribution,
  addPayout,
  addBank,
  addVerifyBundle,
  addBackup,
  addSigningKey,
  addTagKeys,
  addSchema,
  addDev,
]
for (const add of nouns) add(program)
program
  .command('config')
  .description('every setting, its default and what it is for')
  .action((_options: object, command: Command) => {
    const rows = Object.entries(SETTINGS).map(([name, { fallback, about }]) => ({ name, default: fallback, about }))
    print(rows, wantsJson(command), rows)
  })

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = sayFault(error)
}
