import type { ChecklistItem } from '../../ledger/settlement/checklist.ts'
import { builder, type GraphName } from '../builder.ts'
import { checklistCodeType, checklistSeverityType, checklistStateType } from './enums.ts'

const subGraphs: GraphName[] = ['operations']

/** One thing that a month is looked over for. */
export const checklistItemType = builder.objectRef<ChecklistItem>('ChecklistItem').implement({
  description: 'One thing that a month is looked over for.',
  subGraphs,
  authScopes: { kind: 'staff' },
  fields: (t) => ({
    code: t.expose('code', { type: checklistCodeType, description: 'What it is about.' }),
    severity: t.expose('severity', {
      type: checklistSeverityType,
      description: 'What it keeps from happening if open.',
    }),
    state: t.expose('state', { type: checklistStateType, description: 'Whether something of it is open.' }),
    count: t.exposeInt('count', { description: 'How many there are of what is open.' }),
    sentence: t.exposeString('sentence', { description: 'How it stands, in a sentence.' }),
    examples: t.stringList({
      description: 'Ids of up to ten of them, or months, or assets.',
      resolve: ({ examples }) => examples,
    }),
    command: t.exposeString('command', { nullable: true, description: 'The command that gets on with it.' }),
    acknowledgeable: t.exposeBoolean('acknowledgeable', {
      description: 'Whether the month may be locked with it open, if somebody says so.',
    }),
  }),
})
