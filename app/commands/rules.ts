import type { Command } from 'commander'
import { addCheck } from './rules/check.ts'
import { addExplain } from './rules/explain.ts'
import { addJsonSchema } from './rules/json-schema.ts'
import { addSimulate } from './rules/simulate.ts'

/** `tributary rules …`: a file for each verb. */
export function addRules(program: Command): void {
  const rules = program.command('rules').description('rules of terms: tried before they are signed, told afterwards')
  for (const add of VERBS) add(rules)
}

const VERBS = [addCheck, addJsonSchema, addSimulate, addExplain]
