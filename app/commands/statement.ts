import type { Command } from 'commander'
import { addAnswers } from './statement/answers.ts'
import { addDisputes } from './statement/disputes.ts'
import { addExport } from './statement/export.ts'
import { addList } from './statement/list.ts'
import { addShow } from './statement/show.ts'

/** `tributary statement …`. */
export function addStatement(program: Command): void {
  const statement = program.command('statement').description('what partners earned, and what they answer to it')
  addList(statement)
  addShow(statement)
  addExport(statement)
  addAnswers(statement)
  addDisputes(statement)
}
