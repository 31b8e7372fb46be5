import type { Command } from 'commander'
import { addDeploy } from './anchor/deploy.ts'
import { addPublish } from './anchor/publish.ts'
import { addStatus } from './anchor/status.ts'

/** `tributary anchor …`: a file for each verb. */
export function addAnchor(program: Command): void {
  const anchor = program.command('anchor').description('anchors of the log on a chain')
  for (const add of [addDeploy, addPublish, addStatus]) add(anchor)
}
