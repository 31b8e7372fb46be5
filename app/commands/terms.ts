import type { Command } from 'commander'
import { addDiff } from './terms/diff.ts'
import { addLists } from './terms/lists.ts'
import { addPublish } from './terms/publish.ts'
import { addSteps } from './terms/steps.ts'

/** `tributary terms …`. */
export function addTerms(program: Command): void {
  const terms = program.command('terms').description("a programme's terms, in versions, and how they come into force")
  for (const add of VERBS) add(terms)
}

const VERBS = [addPublish, addSteps, addLists, addDiff]
