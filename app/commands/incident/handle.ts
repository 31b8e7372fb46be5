import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import { AUDIENCES, type Audience, MEASURES, type Measure } from '../../../customers/incidents/incident.ts'
import { act } from '../act.ts'
import { readText } from '../read-text.ts'
import { containToTheEnd } from './contain.ts'
import { toldIncident } from './told.ts'

type ContainOptions = { readonly measures: Measure[]; readonly reason: string; readonly key?: string }
type NotifyOptions = {
  readonly audience: Audience
  readonly to: string
  readonly reference?: string
  readonly at?: string
  readonly key?: string
}
type CloseOptions = { readonly report: string; readonly notTold?: string; readonly key?: string }

const KEY = ['--key <key>', 'idempotency key: the same again has one effect'] as const

/** `incident contain`, `incident notify`, `incident close`. */
export function addHandling(incident: Command): void {
  incident
    .command('contain')
    .argument('<id>', 'icd_…')
    .addOption(new Option('--measures <measures...>', 'what is done').choices(MEASURES).makeOptionMandatory())
    .requiredOption('--reason <text>', 'why; the partner reads it')
    .option(...KEY)
    .description('suspends, revokes and rotates; what is left when it is interrupted a worker goes on with')
    .action((id: string, { key, ...options }: ContainOptions, command: Command) =>
      act(command, async (context) =>
        toldIncident(await containToTheEnd(context, { incident: id, ...options, idempotencyKey: key ?? randomUUID() })),
      ),
    )
  incident
    .command('notify')
    .argument('<id>', 'icd_…')
    .addOption(new Option('--audience <who>', 'who was told').choices(AUDIENCES).makeOptionMandatory())
    .requiredOption('--to <text>', 'which office, or by which way; it names no customer')
    .option('--reference <text>', 'number of the filing or of the mailing')
    .option('--at <time>', 'when; now unless given')
    .option(...KEY)
    .description('records that somebody was told')
    .action((id: string, { at, key, ...options }: NotifyOptions, command: Command) =>
      act(command, async (context) => {
        const { notifyIncident } = await import('../../../customers/incidents/notify-incident.ts')
        const input = { incident: id, ...options, toldAt: at, idempotencyKey: key ?? randomUUID() }
        return toldIncident(await notifyIncident(context, input))
      }),
    )
  incident
    .command('close')
    .argument('<id>', 'icd_…')
    .requiredOption('--report <file>', 'the closing report, as text')
    .option('--not-told <text>', 'why the regulator or customers were not told, where they were not')
    .option(...KEY)
    .description('closes it with a report, for good')
    .action((id: string, { report: file, notTold, key }: CloseOptions, command: Command) =>
      act(command, async (context) => {
        const { closeIncident } = await import('../../../customers/incidents/close-incident.ts')
        const report = await readText(file)
        const input = { incident: id, report, notTold, idempotencyKey: key ?? randomUUID() }
        return toldIncident(await closeIncident(context, input))
      }),
    )
}
