import type { Command } from 'commander'
import { parseId } from '../../../kernel/ids.ts'
import { codeOf, formatDecimal } from '../../../kernel/money.ts'
import type { ExplainedStatement } from '../../../ledger/settlement/explain-statement.ts'
import { act, wantsJson } from '../act.ts'
import { type LanguageOption, languageOption } from '../language.ts'
import { jsonText } from '../output.ts'
import { writeOut } from '../write-out.ts'

type ExplainOptions = LanguageOption & { readonly line?: string }

/** `tributary rules explain STATEMENT`: written as it is read, since a statement may have very many lines. */
export function addExplain(rules: Command): void {
  rules
    .command('explain <statement>')
    .description(
      'why a statement, by its number or id, gave what it gave: every rule and line in sentences, or as data',
    )
    .option('--line <id>', 'this line alone, pol_…')
    .addOption(languageOption())
    .action((statement: string, { line, language }: ExplainOptions, command: Command) =>
      act(command, async (context) => {
        const { explainStatement } = await import('../../../ledger/settlement/explain-statement.ts')
        const only = line === undefined ? undefined : parseId('pol', line)
        const explained = await explainStatement(context, { statement, line: only, language })
        await (wantsJson(command) ? writeDocument(explained) : writeText(explained))
        return {}
      }),
    )
}

async function writeText({ statement, parts }: ExplainedStatement): Promise<void> {
  const { number, asset, earned, terms } = statement
  const sum = `${formatDecimal({ asset, minor: earned })} ${codeOf(asset)}`
  await writeOut(`${number}: ${sum}, terms version ${terms.version} (${terms.hash})\n`)
  for await (const part of parts) {
    await writeOut('rule' in part ? `\n${part.sentence}\n` : `  ${part.line.id}  ${part.sentence}\n`)
  }
}

/** One document: the statement, and in it the rules, each with its lines. */
async function writeDocument({ statement: { rules: _, ...statement }, parts }: ExplainedStatement): Promise<void> {
  await writeOut(`${opened(statement, 'rules')}`)
  let [rules, lines] = [0, 0]
  for await (const part of parts) {
    if ('rule' in part) {
      await writeOut(`${rules++ === 0 ? '' : ']},'}${opened({ ...part.rule, sentence: part.sentence }, 'lines')}`)
      lines = 0
    } else await writeOut(`${lines++ === 0 ? '' : ','}${jsonText({ ...part.line, sentence: part.sentence })}`)
  }
  await writeOut(`${rules === 0 ? '' : ']}'}]}\n`)
}

/** A JSON object that is left open within one more member, a list. */
function opened(members: object, list: string): string {
  return `${jsonText(members).slice(0, -1)},${jsonText(list)}:[`
}
