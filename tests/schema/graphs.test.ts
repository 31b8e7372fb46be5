import { type GraphQLSchema, isObjectType, isScalarType, validateSchema } from 'graphql'
import { describe, expect, test } from 'vitest'
import { customerSchema, operationsSchema, partnerSchema } from '../../schema/graphs.ts'
import { checkGraphs, compareGraphs, printGraphs } from '../../schema/print-graphs.ts'

const graphs = { partner: partnerSchema, customer: customerSchema, operations: operationsSchema }

describe.each(Object.entries(graphs))('the %s graph', (_, schema) => {
  test('is a valid schema', () => {
    expect(validateSchema(schema)).toEqual([])
  })

  test('has no Node and no way round its fields by an id', () => {
    expect(schema.getType('Node')).toBeUndefined()
    expect(fieldsOf(schema, 'Query')).not.toContain('node')
    expect(fieldsOf(schema, 'Query')).not.toContain('nodes')
  })

  test('describes every type and field', () => {
    const bare = Object.values(schema.getTypeMap())
      .filter(({ name }) => !name.startsWith('__'))
      .flatMap((type) => [
        ...(type.description || isScalarType(type) ? [] : [type.name]),
        ...(isObjectType(type)
          ? Object.values(type.getFields()).flatMap(({ name, description }) =>
              description ? [] : [`${type.name}.${name}`],
            )
          : []),
      ])
    expect(bare).toEqual([])
  })
})

test('each graph has its own root fields and no other', () => {
  expect(fieldsOf(partnerSchema, 'Query')).toEqual(
    [
      ...[
        'agreementProposals',
        'agreements',
        'checkpoint',
        'consentReceipts',
        'consistencyProof',
        'contributions',
        'customer',
        'customerByReference',
        'customers',
      ],
      ...[
        'inclusionProof',
        'me',
        'points',
        'pointsBalance',
        'product',
        'products',
        'record',
        'statement',
        'statements',
      ],
      ...['disputes', 'tagUses', 'termsProposals', 'webhookDeliveries', 'webhooks', 'audience', 'renamedSubjects'],
      ...['conformanceRun', 'conformanceRuns', 'sandboxCustomers'],
      ...['bankAccount', 'bankAccounts', 'complaints', 'directory', 'invoice', 'invoices'],
    ].toSorted(),
  )
  expect(fieldsOf(partnerSchema, 'Mutation')).toEqual(
    [
      ...['acceptStatement', 'disputeStatement', 'withdrawDispute'],
      ...['countersignAgreement', 'countersignTerms', 'reportContributions', 'attestDeletion', 'supplyTags'],
      ...['addWebhook', 'removeWebhook', 'rotateWebhookSecret'],
      ...['revokeSandboxConsent', 'startConformanceRun'],
      ...['creditInvoice', 'proposeBankAccount', 'registerInvoice', 'withdrawInvoice'],
    ].toSorted(),
  )
  expect(fieldsOf(customerSchema, 'Query')).toEqual([
    ...['checkpoint', 'consents', 'consistencyProof', 'directory', 'disclosureProof', 'disclosures', 'inclusionProof'],
    ...['myComplaints'],
    ...['points', 'pointsBalance', 'preferences', 'purposes', 'rewards', 'staffReads', 'suppliedTags'],
  ])
  expect(fieldsOf(customerSchema, 'Mutation')).toEqual([
    ...[
      'amendConsent',
      'complain',
      'grantConsent',
      'redeemPoints',
      'resumeConsent',
      'revokeAllConsents',
      'revokeConsent',
    ],
    ...['suspendConsent', 'switchRecommendations', 'withdrawComplaint'],
  ])
  expect(fieldsOf(operationsSchema, 'Mutation')).toEqual(
    [
      ...[
        'activateTerms',
        'approveAdjustment',
        'attachDocument',
        'calculatePeriod',
        'changeCapability',
        'closePeriod',
        'createPartner',
        'decideContribution',
      ],
      ...[
        'defineReward',
        'draftTerms',
        'endAgreement',
        'goLive',
        'lockPeriod',
        'proposeAdjustment',
        'proposeAgreement',
      ],
      ...['proposeTerms', 'rejectAdjustment', 'reversePoints', 'setJurisdiction'],
      ...['acceptStatement', 'answerDispute', 'disputeStatement', 'withdrawDispute'],
      ...['signTermsOnPaper', 'withdrawAgreement', 'withdrawTerms'],
      ...['closeCase', 'openCase'],
      ...[
        'attestForPartner',
        'cancelOffboarding',
        'closeOffboarding',
        'planOffboarding',
        'postponeOffboarding',
        'setReserve',
      ],
      ...['addWebhook', 'removeWebhook', 'replayWebhooks', 'rotateWebhookSecret', 'rotateSubjects'],
      ...['makeSandboxCustomers'],
      ...['proposeBankAccount', 'rejectBankAccount', 'revokeBankAccount', 'verifyBankAccount'],
      ...['addOwnAccount', 'rejectOwnAccount', 'verifyOwnAccount'],
      ...['creditInvoice', 'registerInvoice', 'requireInvoices', 'withdrawInvoice'],
      ...['approvePayouts', 'cancelPayouts', 'instructPayouts', 'preparePayouts', 'sendPayouts'],
      ...['doubtPayout', 'resolvePayout'],
      ...['assignBankBreak', 'matchBankEntries', 'resolveBankBreak'],
      ...['approveBankResolution', 'declineBankResolution', 'proposeBankResolution'],
      ...['assignAlert', 'closeAlert'],
      ...['closeIncident', 'containIncident', 'notifyIncident', 'openIncident', 'rescopeIncident'],
      ...['approveOpening', 'rejectOpening'],
      ...['createClient', 'revokeClient', 'setClientBinding', 'setClientKeys', 'setClientRedirects'],
      ...['rejectApplication', 'resumePartner', 'suspendPartner'],
      ...['approveAssessment', 'openAssessment', 'proposeAssessment', 'rejectAssessment', 'scoreAssessment'],
      ...['assignComplaint', 'decideComplaint', 'takeComplaint', 'withdrawComplaint'],
      ...['approveWriteOff', 'proposeWriteOff', 'rejectWriteOff'],
    ].toSorted(),
  )
})

test('a customer sees no more of a partner than its code, its name and where it is', () => {
  expect(fieldsOf(customerSchema, 'Partner')).toEqual(['code', 'jurisdiction', 'name'])
})

test('the committed graphs are those of the code', async () => {
  expect(await checkGraphs()).toEqual([])
})

test('a field that is gone is named as a breaking change', () => {
  const { partner } = printGraphs()
  const less = partner.replace(/ {2}"""[^"]*"""\n {2}lineCount: Int!\n/, '')
  expect(less).not.toBe(partner)
  expect(compareGraphs('partner', partner, less)).toEqual([
    'schema/partner.graphql differs from the code: print it again',
    expect.stringMatching(/breaking change: .*lineCount was removed/),
  ])
})

test('a field more is a difference but breaks nobody, and a missing file is a finding', () => {
  const { partner } = printGraphs()
  const more = partner.replace('type Partner {', 'type Partner {\n  nick: String')
  expect(compareGraphs('partner', partner, more)).toEqual([
    'schema/partner.graphql differs from the code: print it again',
  ])
  expect(compareGraphs('partner', undefined, partner)).toEqual(['schema/partner.graphql is missing'])
})

function fieldsOf(schema: GraphQLSchema, name: string): readonly string[] {
  const type = schema.getType(name)
  return isObjectType(type) ? Object.keys(type.getFields()).toSorted() : []
}
