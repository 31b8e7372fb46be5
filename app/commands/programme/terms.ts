import type { Command } from 'commander'
import { addDiff } from './diff.ts'

/** `tributary programme terms …`: a file for each verb. */
export function addTermsOfProgramme(programme: Command): void {
  const terms = programme.command('terms').description("a programme's terms, in versions")
  for (const add of VERBS) add(terms)
}

const VERBS = [addDiff]
