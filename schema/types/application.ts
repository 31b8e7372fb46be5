import type { Application, Contact } from '../../partners/applications/application.ts'
import { listApplications } from '../../partners/applications/find-application.ts'
import { rejectApplication } from '../../partners/applications/reject-application.ts'
import { builder, type GraphName } from '../builder.ts'
import { KEY } from './bank-details-input.ts'
import { partnerStatusType } from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['operations']
const authScopes = { role: 'partner-manager' } as const

const contactType = builder.objectRef<Contact>('ApplicationContact').implement({
  description: 'Who of an applicant is to be written to.',
  subGraphs,
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name of a person.' }),
    email: t.exposeString('email', { description: 'The mail address that was confirmed.' }),
  }),
})

const applicationType = builder.objectRef<Application>('Application').implement({
  description: 'What a company sent that applied to become a partner, and confirmed by mail.',
  subGraphs,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    partner: t.field({
      type: partnerType,
      nullable: true,
      description: 'The partner that it made.',
      resolve: ({ partner }, _, graph) => partnerNamed(graph, partner),
    }),
    about: t.exposeString('about', {
      nullable: true,
      description: 'What it would do with us; nothing after the rows were made anew out of the log.',
    }),
    receivedAt: t.expose('receivedAt', { type: 'DateTime', description: 'When it was confirmed.' }),
    contact: t.expose('contact', {
      type: contactType,
      nullable: true,
      description: 'Who is to be written to; nothing once it was refused. Role partner-manager.',
      authScopes,
    }),
    record: t.exposeID('record', { description: 'Its record.' }),
  }),
})

const applications = connectionOf(applicationType, subGraphs)
const rejectPayload = payloadType<Application>('RejectApplicationPayload', {
  ...{ field: 'application', type: applicationType, subGraphs },
})

const rejectInput = builder.inputType('RejectApplicationInput', {
  description: 'Which applicant is refused, and why.',
  subGraphs,
  fields: (t) => ({
    partner: t.string({ required: true, description: 'Its code or id.' }),
    reason: t.string({ required: true, description: 'Why, up to 500 characters; the partner can read it.' }),
    idempotencyKey: t.string(KEY),
  }),
})

builder.queryField('applications', (t) =>
  t.field({
    type: applications,
    description: 'Applications, the last confirmed first.',
    subGraphs,
    authScopes: { kind: 'staff' },
    args: {
      status: t.arg({ type: partnerStatusType, description: 'Of partners that stand there; of all when absent.' }),
      ...pageArgs,
    },
    resolve: (_, { status, ...args }, { context }) => listApplications(context, { status, page: pageIn(args) }),
  }),
)

builder.mutationField('rejectApplication', (t) =>
  t.field({
    type: rejectPayload,
    subGraphs,
    description: 'Refuses an applicant for good, and forgets its contact. Role partner-manager.',
    authScopes,
    args: { input: t.arg({ type: rejectInput, required: true, description: 'Whom, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => rejectApplication(context, { ...input })),
  }),
)
