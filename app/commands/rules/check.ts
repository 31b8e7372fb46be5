import type { Command } from 'commander'
import { Fault } from '../../../kernel/fault.ts'
import type { CheckedTerms } from '../../../ledger/agreements/check-terms.ts'
import { isFactRule } from '../../../ledger/agreements/terms.ts'
import { tellFilter } from '../../../ledger/splits/explain/tell-filter.ts'
import { tellOffer } from '../../../ledger/splits/explain/tell-offer.ts'
import { timeIn } from '../../../ledger/splits/explain/words.ts'
import { sayFault } from '../../say-fault.ts'
import { wantsJson } from '../act.ts'
import { type LanguageOption, languageOption } from '../language.ts'
import { print, type Row } from '../output.ts'
import { readTermsFile } from '../read-terms-file.ts'

/** `tributary rules check FILE`: needs no database. */
export function addCheck(rules: Command): void {
  rules
    .command('check <file>')
    .description('says whether terms are sound, and what each rule gives, or where the first fault is')
    .addOption(languageOption())
    .action(async (file: string, options: LanguageOption, command: Command) => {
      const json = wantsJson(command)
      try {
        const { checkTerms } = await import('../../../ledger/agreements/check-terms.ts')
        tell(checkTerms(await readTermsFile(file)), options, json)
      } catch (error) {
        if (json && error instanceof Fault) print(verdictOf(error), true)
        process.exitCode = sayFault(error)
      }
    })
}

function tell({ terms, hash }: CheckedTerms, { language }: LanguageOption, json: boolean): void {
  const { programme, version, asset, timeZone, effectiveFrom } = terms
  const options = { asset, timeZone, language }
  const told = terms.rules.map((rule, place) => ({ rule, sentence: tellOffer(rule, place, options) }))
  const rows = told.map(({ rule, sentence }, place): Row => {
    const on = isFactRule(rule) ? rule : undefined
    return {
      rule: place + 1,
      kind: rule.kind,
      priority: on?.priority,
      exclusive: on?.exclusive === true ? 'yes' : '',
      only: on && tellFilter(on.filter, options),
      'what it does': sentence,
    }
  })
  const from = timeIn(effectiveFrom.toISOString(), options)
  const sentence = `Sound: version ${version} of ${programme}, in force from ${from}, hash ${hash}.`
  print({ sound: true, programme, version, effectiveFrom, hash, rules: told }, json, rows, sentence)
}

function verdictOf({ code, field, message }: Fault): object {
  return { sound: false, code, field, message }
}
