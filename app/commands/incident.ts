import type { Command } from 'commander'
import { addHandling } from './incident/handle.ts'
import { addIncidentLooks } from './incident/look.ts'
import { addScoping } from './incident/scope.ts'

/** `tributary incident …`: what compliance does when somebody may have got what was not theirs. */
export function addIncident(program: Command): void {
  const incident = program.command('incident').description('what may have gone where it should not, and what is done')
  addIncidentLooks(incident)
  addScoping(incident)
  addHandling(incident)
}
