import path from 'node:path'
import { type Command, Option } from 'commander'
import { STAFF_ROLES, type StaffRole } from '../../kernel/caller.ts'
import { Fault } from '../../kernel/fault.ts'
import { readConfig } from '../config.ts'
import { gatewaySettings } from '../gateway-settings.ts'
import { act } from './act.ts'
import { localDate } from './local-date.ts'
import { readJson } from './read-json.ts'

type TokenOptions = { readonly customer?: string; readonly staff?: string; readonly roles: readonly StaffRole[] }

/** `tributary dev token|query|bank-answer`: for trying things out on this machine. */
export function addDev(program: Command): void {
  const dev = program.command('dev').description('for development: tokens of people, calls of a partner')
  dev
    .command('token')
    .description('a token of the built-in development issuer, for an hour')
    .option('--customer <key>', "a customer's account key")
    .option('--staff <name>', 'a member of staff')
    .addOption(
      new Option('--roles <roles...>', 'of the member of staff').choices(STAFF_ROLES).default([...STAFF_ROLES]),
    )
    .action((options: TokenOptions, command: Command) =>
      act(command, async (context) => {
        const { makeDevelopmentToken } = await import('../../gateway/authenticate/development-token.ts')
        const settings = gatewaySettings(readConfig(process.env))
        return { result: await makeDevelopmentToken(context, settings, personOf(options)) }
      }),
    )
  dev
    .command('query')
    .argument('<document>', 'a GraphQL query')
    .requiredOption('--partner <code>', 'a partner of the demonstration')
    .description('asks the partner graph of the running server, as one of the demonstration’s partners')
    .action(async (document: string, { partner }: { partner: string }) => {
      const { queryAsPartner } = await import('../demo/query-as-partner.ts')
      const { say } = await import('./say.ts')
      const config = readConfig(process.env)
      await say(async () => {
        const key = await readJson(path.join(config.dataDir, 'demo', `${partner}.json`))
        return queryAsPartner(config.origin, key, document)
      })
    })
  addBankAnswer(dev)
}

type AnswerOptions = { readonly on?: string; readonly return?: readonly string[] }

function addBankAnswer(dev: Command): void {
  dev
    .command('bank-answer')
    .argument('<batch>', 'pob_…, from the account of the demonstration')
    .option('--on <date>', 'the day of the statement, such as 2026-02-10; today when absent')
    .option('--return <payouts...>', 'pyt_… that come back')
    .description('camt.053 that a bank would send when it has executed the batch, to standard output')
    .action((batch: string, { on, return: returned }: AnswerOptions, command: Command) =>
      act(command, async (context) => {
        const { answerAsBank } = await import('../demo/answer-as-bank.ts')
        const day = on ?? localDate(context.clock.now())
        process.stdout.write(await answerAsBank(context, { batch, on: day, returned: returned ?? [] }))
        return {}
      }),
    )
}

function personOf({
  customer,
  staff,
  roles,
}: TokenOptions): { customer: string } | { staff: string; roles: readonly StaffRole[] } {
  if ((customer === undefined) === (staff === undefined))
    throw new Fault('INVALID_INPUT', 'give either --customer or --staff')
  return customer === undefined ? { staff: staff ?? '', roles } : { customer }
}
