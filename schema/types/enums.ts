import { PRODUCT_STATUSES } from '../../catalog/product.ts'
import { PRODUCT_RISKS, SUITABILITIES } from '../../catalog/suitability.ts'
import { ALERT_KINDS, ALERT_RESOLUTIONS, ALERT_SPANS, ALERT_STATUSES } from '../../customers/alarms/alert.ts'
import { LIFE_STATUSES, MOVERS, USAGES } from '../../customers/consent.ts'
import { GRANULARITIES } from '../../customers/granularity.ts'
import { AUDIENCES, INCIDENT_EVENTS, INCIDENT_STATUSES, MEASURES } from '../../customers/incidents/incident.ts'
import { INCIDENT_LEVELS } from '../../customers/incidents/incident-level.ts'
import { DIRECTIONS } from '../../customers/purpose.ts'
import { SENSITIVITIES } from '../../customers/tag-definition.ts'
import { TAG_TYPES } from '../../customers/tag-value.ts'
import { AGREEMENT_STATUSES } from '../../ledger/agreements/agreement.ts'
import { AGREEMENT_PROPOSAL_STATUSES } from '../../ledger/agreements/agreement-proposal.ts'
import { TERMS_PROPOSAL_STATUSES } from '../../ledger/agreements/terms-proposal.ts'
import { BANK_ACCOUNT_STATUSES, OWN_ACCOUNT_STATUSES } from '../../ledger/bank-accounts/bank-account.ts'
import { ACCOUNT_SCHEMES } from '../../ledger/bank-accounts/bank-details.ts'
import { DISPUTE_STATUSES } from '../../ledger/disputes/dispute.ts'
import { CONFIRMATIONS, DECISIONS } from '../../ledger/facts/confirmation.ts'
import { CONTRIBUTION_KINDS } from '../../ledger/facts/contribution.ts'
import { INVOICE_DIFFERENCES, INVOICE_KINDS, INVOICE_STATUSES } from '../../ledger/invoices/invoice.ts'
import { PAYOUT_HINDRANCES } from '../../ledger/payouts/payable.ts'
import { FOUND_OUTCOMES, PAYOUT_STATUSES } from '../../ledger/payouts/payout.ts'
import { BATCH_STATUSES, FILE_FORMATS } from '../../ledger/payouts/payout-batch.ts'
import { POINTS_MOVE_KINDS } from '../../ledger/points/points-move.ts'
import { REWARD_STATUSES } from '../../ledger/points/reward.ts'
import { PROPOSAL_STATUSES } from '../../ledger/proposal.ts'
import { BREAK_KINDS, BREAK_STATUSES, PROPOSALS, RESOLUTIONS } from '../../ledger/reconciliation/bank-break.ts'
import { ENTRY_KINDS } from '../../ledger/reconciliation/bank-entry.ts'
import { MATCH_WAYS } from '../../ledger/reconciliation/bank-match.ts'
import { AGE_BUCKETS } from '../../ledger/reports/ageing.ts'
import { REPORT_SECTIONS } from '../../ledger/reports/report-section.ts'
import { PAYABLE_KINDS, RAILS } from '../../ledger/reports/row-kinds.ts'
import { CHECKLIST_STATES } from '../../ledger/settlement/checklist.ts'
import { CHECKLIST_CODES } from '../../ledger/settlement/checklist-code.ts'
import { SEVERITIES } from '../../ledger/settlement/checklist-words.ts'
import { CLOSING_STEPS } from '../../ledger/settlement/closing-progress.ts'
import { PERIOD_STATUSES } from '../../ledger/settlement/period.ts'
import { STATEMENT_STATUSES } from '../../ledger/settlement/statement.ts'
import { LANGUAGES } from '../../ledger/splits/explain/words.ts'
import { STATED_KINDS } from '../../ledger/splits/manual-adjustment.ts'
import { ASSESSMENT_STATUSES } from '../../partners/assessments/assessment.ts'
import { DIMENSIONS } from '../../partners/assessments/rubric.ts'
import { CAPABILITY_KINDS, CAPABILITY_STATUSES } from '../../partners/capabilities/capability.ts'
import { CLIENT_STATUSES, TOKEN_BINDINGS } from '../../partners/client.ts'
import {
  COMPLAINANT_KINDS,
  COMPLAINT_CATEGORIES,
  COMPLAINT_OUTCOMES,
  COMPLAINT_SEVERITIES,
  COMPLAINT_STATUSES,
} from '../../partners/complaints/complaint.ts'
import { CHECK_STATUSES, CONFORMANCE_CHECKS } from '../../partners/conformance/conformance-check.ts'
import { CONFORMANCE_STATUSES } from '../../partners/conformance/conformance-run.ts'
import { ACKNOWLEDGEABLE_EXITS, EXIT_CODES, EXIT_STATES } from '../../partners/offboarding/exit-item.ts'
import { EXIT_STEPS, OFFBOARDING_STATUSES } from '../../partners/offboarding/offboarding.ts'
import { PARTNER_KINDS, PARTNER_STATUSES } from '../../partners/partner.ts'
import { GRADES, MEASURES as RATED_MEASURES } from '../../partners/ratings/scorecard.ts'
import { DELIVERY_STATUSES } from '../../partners/webhooks/webhook-endpoint.ts'
import { builder, GRAPHS, type GraphName } from '../builder.ts'

const ledgerGraphs: GraphName[] = ['partner', 'operations']

export const ageBucketType = builder.enumType('AgeBucket', {
  description: 'How many days something is due; CURRENT is less than one.',
  subGraphs: ['operations'],
  values: valuesOf(AGE_BUCKETS),
})
export const payableKindType = builder.enumType('PayableKind', {
  description: 'What is owed to a partner for: a statement, what statements carry, or rewards that it supplied.',
  subGraphs: ['operations'],
  values: valuesOf(PAYABLE_KINDS),
})
export const railType = builder.enumType('PaymentRail', {
  description: 'The way of a payment.',
  subGraphs: ['operations'],
  values: valuesOf(RAILS),
})
export const reportSectionType = builder.enumType('ReportSection', {
  description: 'A part of the close report that is compared with the journal.',
  subGraphs: ['operations'],
  values: valuesOf(REPORT_SECTIONS),
})
export const writeOffStatusType = builder.enumType('WriteOffStatus', {
  description: 'What became of a write-off.',
  subGraphs: ['operations'],
  values: valuesOf(PROPOSAL_STATUSES),
})
export const openingStatusType = builder.enumType('OpeningStatus', {
  description: 'What became of opening balances.',
  subGraphs: ['operations'],
  values: valuesOf(PROPOSAL_STATUSES),
})
export const granularityType = builder.enumType('Granularity', {
  description: 'How exactly a tag is shared.',
  subGraphs: [...GRAPHS],
  values: valuesOf(GRANULARITIES),
})
export const partnerKindType = builder.enumType('PartnerKind', {
  description: 'What a partner brings.',
  subGraphs: [...GRAPHS],
  values: valuesOf(PARTNER_KINDS),
})
export const partnerStatusType = builder.enumType('PartnerStatus', {
  description: 'Where a partner stands in its life with the broker.',
  subGraphs: ledgerGraphs,
  values: valuesOf(PARTNER_STATUSES),
})
export const clientStatusType = builder.enumType('ClientStatus', {
  description: 'Whether a client may be given tokens at all.',
  subGraphs: ['operations'],
  values: valuesOf(CLIENT_STATUSES),
})
export const tokenBindingType = builder.enumType('TokenBinding', {
  description: 'What the access tokens of a client are bound to: its key by DPoP, or its certificate by mutual TLS.',
  subGraphs: ['operations'],
  values: valuesOf(TOKEN_BINDINGS),
})
export const capabilityKindType = builder.enumType('CapabilityKind', {
  description: 'What a capability is about: tags or products of a category, a scope, or how much a partner may ask.',
  subGraphs: ledgerGraphs,
  values: valuesOf(CAPABILITY_KINDS),
})
export const capabilityStatusType = builder.enumType('CapabilityStatus', {
  description: 'PENDING waits for something that is due; RESTRICTED is refused.',
  subGraphs: ledgerGraphs,
  values: valuesOf(CAPABILITY_STATUSES),
})
export const productRiskType = builder.enumType('ProductRisk', {
  description: 'Risk of a product, R1 the least.',
  subGraphs: ledgerGraphs,
  values: valuesOf(PRODUCT_RISKS),
})
export const suitabilityType = builder.enumType('Suitability', {
  description: 'Whether a product suits a customer; UNKNOWN where what is shared does not say.',
  subGraphs: ['partner'],
  values: valuesOf(SUITABILITIES),
})
export const productStatusType = builder.enumType('ProductStatus', {
  description: 'Whether a product is offered.',
  subGraphs: ledgerGraphs,
  values: valuesOf(PRODUCT_STATUSES),
})
export const contributionKindType = builder.enumType('ContributionKind', {
  description: 'What a partner did.',
  subGraphs: ledgerGraphs,
  values: valuesOf(CONTRIBUTION_KINDS),
})
export const contributionStatusType = builder.enumType('ContributionStatus', {
  description:
    'REPORTED while the customer behind a lead is not known or a confirmation is awaited, CONFIRMED once it counts.',
  subGraphs: ledgerGraphs,
  values: valuesOf(['REPORTED', 'CONFIRMED', 'REJECTED'] as const),
})
export const confirmationType = builder.enumType('Confirmation', {
  description: 'What a contribution waits for beside its customer: nothing, a fact of the broker, or a person’s word.',
  subGraphs: ledgerGraphs,
  values: valuesOf(CONFIRMATIONS),
})
export const decisionType = builder.enumType('Decision', {
  description: 'What becomes of a contribution that waited for a confirmation.',
  subGraphs: ledgerGraphs,
  values: valuesOf(DECISIONS),
})
export const factOutcomeType = builder.enumType('FactOutcome', {
  description: 'What became of one item: stored now, stored before with the same content, or refused.',
  subGraphs: ['partner'],
  values: valuesOf(['recorded', 'replayed', 'refused'] as const),
})
export const periodStatusType = builder.enumType('PeriodStatus', {
  description: 'How far the closing of a month is.',
  subGraphs: ['operations'],
  values: valuesOf(PERIOD_STATUSES),
})
export const checklistCodeType = builder.enumType('ChecklistCode', {
  description: 'What a month is looked over for.',
  subGraphs: ['operations'],
  values: valuesOf(CHECKLIST_CODES),
})
export const checklistSeverityType = builder.enumType('ChecklistSeverity', {
  description: 'What an open item keeps from happening; TELLS nothing.',
  subGraphs: ['operations'],
  values: valuesOf(SEVERITIES),
})
export const checklistStateType = builder.enumType('ChecklistState', {
  description: 'Whether something of it is open; NOT_YET is not asked before the month is locked.',
  subGraphs: ['operations'],
  values: valuesOf(CHECKLIST_STATES),
})
export const closingStepType = builder.enumType('ClosingStep', {
  description: 'What a calculation is doing: facts are read to be split, and once more to write their lines.',
  subGraphs: ['operations'],
  values: valuesOf(CLOSING_STEPS),
})
export const statementStatusType = builder.enumType('StatementStatus', {
  description: 'Where a statement stands.',
  subGraphs: ledgerGraphs,
  values: valuesOf(STATEMENT_STATUSES),
})
export const disputeStatusType = builder.enumType('DisputeStatus', {
  description: 'What became of a dispute.',
  subGraphs: ledgerGraphs,
  values: valuesOf(DISPUTE_STATUSES),
})
export const agreementStatusType = builder.enumType('AgreementStatus', {
  description: 'ENDED once its end was settled, which may lie ahead; ACTIVE else.',
  subGraphs: ledgerGraphs,
  values: valuesOf(AGREEMENT_STATUSES),
})
export const agreementProposalStatusType = builder.enumType('AgreementProposalStatus', {
  description: 'ACTIVATED once its partner signed it: it is an agreement then.',
  subGraphs: ledgerGraphs,
  values: valuesOf(AGREEMENT_PROPOSAL_STATUSES),
})
export const termsProposalStatusType = builder.enumType('TermsProposalStatus', {
  description:
    'DRAFT for the broker alone, PROPOSED to members who sign, ACTIVATED when published, WITHDRAWN for good.',
  subGraphs: ledgerGraphs,
  values: valuesOf(TERMS_PROPOSAL_STATUSES),
})
export const ruleKindType = builder.enumType('RuleKind', {
  description: 'How a rule reckons; MANUAL_ADJUSTMENT is given by two persons, and stands in no terms.',
  subGraphs: ledgerGraphs,
  values: valuesOf(STATED_KINDS),
})
export const adjustmentStatusType = builder.enumType('AdjustmentStatus', {
  description: 'PROPOSED until another person approves or rejects it.',
  subGraphs: ['operations'],
  values: valuesOf(PROPOSAL_STATUSES),
})
export const accountSchemeType = builder.enumType('AccountScheme', {
  description: 'How the number of a bank account is made: an IBAN, a number of a bank in China, or another one.',
  subGraphs: ledgerGraphs,
  values: valuesOf(ACCOUNT_SCHEMES),
})
export const bankAccountStatusType = builder.enumType('BankAccountStatus', {
  description: 'PROPOSED until another person verifies or rejects it; REVOKED when it is taken out of force.',
  subGraphs: ledgerGraphs,
  values: valuesOf(BANK_ACCOUNT_STATUSES),
})
export const ownAccountStatusType = builder.enumType('OwnAccountStatus', {
  description: 'PROPOSED until another person verifies or rejects it.',
  subGraphs: ['operations'],
  values: valuesOf(OWN_ACCOUNT_STATUSES),
})
export const invoiceKindType = builder.enumType('InvoiceKind', {
  description: 'FAPIAO has a code and 8 digits, DIGITAL_FAPIAO 20 digits, OTHER is of another country.',
  subGraphs: ledgerGraphs,
  values: valuesOf(INVOICE_KINDS),
})
export const invoiceStatusType = builder.enumType('InvoiceStatus', {
  description:
    'MATCHED when it says what its statement says, else DIFFERS; WITHDRAWN by who registered it; CREDITED by a red-letter invoice.',
  subGraphs: ledgerGraphs,
  values: valuesOf(INVOICE_STATUSES),
})
export const invoiceDifferenceType = builder.enumType('InvoiceDifference', {
  description: 'What an invoice says otherwise than its statement.',
  subGraphs: ledgerGraphs,
  values: valuesOf(INVOICE_DIFFERENCES),
})
export const languageType = builder.enumType('Language', {
  description: 'A language in which sentences are told.',
  subGraphs: ledgerGraphs,
  values: valuesOf(LANGUAGES),
})
export const consentStatusType = builder.enumType('ConsentStatus', {
  description:
    'Where a consent stands in its life. Only AUTHORISED lets anybody read; one that is SUSPENDED may be resumed; AWAITING is a partner’s request; the others are ends.',
  subGraphs: ['customer', 'partner'],
  values: valuesOf(LIFE_STATUSES),
})
export const coarseGranularityType = builder.enumType('CoarseGranularity', {
  description: 'How coarsely a tag is counted.',
  subGraphs: ['partner', 'operations'],
  values: { BAND: { value: 'band' }, FLAG: { value: 'flag' } } as const,
})
export const deliveryStatusType = builder.enumType('WebhookDeliveryStatus', {
  description: 'PENDING waits for its first or next attempt, DELIVERED was taken, DEAD was given up.',
  subGraphs: ['partner', 'operations'],
  values: valuesOf(DELIVERY_STATUSES),
})
export const consentUsageType = builder.enumType('ConsentUsage', {
  description: 'RECURRING may be used again and again; ONCE ends with the first answer that gives something.',
  subGraphs: ['customer'],
  values: valuesOf(USAGES),
})
export const consentMoverType = builder.enumType('ConsentMover', {
  description: 'Whose doing a step was: the clock’s when a time was over, a read’s when it was the one allowed.',
  subGraphs: ['customer', 'partner'],
  values: valuesOf(MOVERS),
})
export const disclosureOutcomeType = builder.enumType('DisclosureOutcome', {
  description: 'Whether a read gave anything.',
  subGraphs: ['customer', 'operations'],
  values: valuesOf(['disclosed', 'nothing'] as const),
})
export const alertKindType = builder.enumType('AlertKind', {
  description: 'What is odd about how a partner reads.',
  subGraphs: ['operations'],
  values: valuesOf(ALERT_KINDS),
})
export const alertSpanType = builder.enumType('AlertSpan', {
  description: 'Over how long was counted; MONTH is four weeks.',
  subGraphs: ['operations'],
  values: valuesOf(ALERT_SPANS),
})
export const alertStatusType = builder.enumType('AlertStatus', {
  description: 'Whether somebody has still to say what it was.',
  subGraphs: ['operations'],
  values: valuesOf(ALERT_STATUSES),
})
export const alertResolutionType = builder.enumType('AlertResolution', {
  description: 'What an alert turned out to be; after INCIDENT the quota stays low until its time is over.',
  subGraphs: ['operations'],
  values: valuesOf(ALERT_RESOLUTIONS),
})
export const incidentLevelType = builder.enumType('IncidentLevel', {
  description: 'MAJOR above 100,000 customers, SERIOUS from 10,000 on, GENERAL below.',
  subGraphs: ['operations'],
  values: valuesOf(INCIDENT_LEVELS),
})
export const incidentStatusType = builder.enumType('IncidentStatus', {
  description: 'Whether an incident has its closing report.',
  subGraphs: ['operations'],
  values: valuesOf(INCIDENT_STATUSES),
})
export const incidentMeasureType = builder.enumType('IncidentMeasure', {
  description: 'What contains an incident.',
  subGraphs: ['operations'],
  values: valuesOf(MEASURES),
})
export const incidentAudienceType = builder.enumType('IncidentAudience', {
  description: 'Who is told of an incident.',
  subGraphs: ['operations'],
  values: valuesOf(AUDIENCES),
})
export const incidentEventKindType = builder.enumType('IncidentEventKind', {
  description: 'What a step of an incident is.',
  subGraphs: ['operations'],
  values: valuesOf(INCIDENT_EVENTS),
})
export const supplyOutcomeType = builder.enumType('SupplyOutcome', {
  description: 'OLDER: a newer observation of the partner’s stands there, and this one is not kept.',
  subGraphs: ['partner'],
  values: valuesOf(['RECORDED', 'OLDER', 'REFUSED'] as const),
})
export const tagSourceType = builder.enumType('TagSource', {
  description: 'Who knows a value: the broker itself, or a partner who supplied it.',
  subGraphs: ['partner'],
  values: valuesOf(['BROKER', 'PARTNER'] as const),
})
export const purposeDirectionType = builder.enumType('PurposeDirection', {
  description: 'Whether partners read under a purpose, or supply.',
  subGraphs: ['customer', 'operations'],
  values: valuesOf(DIRECTIONS),
})
export const sensitivityType = builder.enumType('Sensitivity', {
  description: 'HIGH is what the law protects specially.',
  subGraphs: ['customer', 'operations'],
  values: valuesOf(SENSITIVITIES),
})
export const tagTypeType = builder.enumType('TagType', {
  description: 'What a tag is made of.',
  subGraphs: ['customer', 'operations'],
  values: valuesOf(TAG_TYPES),
})
export const pointsMoveKindType = builder.enumType('PointsMoveKind', {
  description: 'What changed a balance of points; REVERSED: they were taken back.',
  subGraphs: [...GRAPHS],
  values: valuesOf(POINTS_MOVE_KINDS),
})
export const rewardStatusType = builder.enumType('RewardStatus', {
  description: 'Whether a reward is offered.',
  subGraphs: ['operations'],
  values: valuesOf(REWARD_STATUSES),
})

export const payoutStatusType = builder.enumType('PayoutStatus', {
  description:
    'INSTRUCTED once the file may have left; SETTLED, REJECTED and RETURNED by the bank; UNKNOWN when it does not tell.',
  subGraphs: ledgerGraphs,
  values: valuesOf(PAYOUT_STATUSES),
})
export const batchStatusType = builder.enumType('PayoutBatchStatus', {
  description: 'APPROVED by another person than prepared it; DONE when all its payouts ended.',
  subGraphs: ['operations'],
  values: valuesOf(BATCH_STATUSES),
})
export const payoutHindranceType = builder.enumType('PayoutHindrance', {
  description: 'Why a statement is not paid by bank now.',
  subGraphs: ['operations'],
  values: valuesOf(PAYOUT_HINDRANCES),
})
export const foundOutcomeType = builder.enumType('FoundOutcome', {
  description: 'What became of an unknown payout: its entry will come, or never will.',
  subGraphs: ['operations'],
  values: valuesOf(FOUND_OUTCOMES),
})
export const fileFormatType = builder.enumType('PayoutFileFormat', {
  description: 'How the file of a batch is written: pain.001.001.09 or CSV.',
  subGraphs: ['operations'],
  values: valuesOf(FILE_FORMATS),
})
export const bankBreakKindType = builder.enumType('BankBreakKind', {
  description: 'What does not fit between a bank and the ledger; docs/reconciliation.md says each.',
  subGraphs: ['operations'],
  values: valuesOf(BREAK_KINDS),
})
export const bankBreakStatusType = builder.enumType('BankBreakStatus', {
  description: 'Whether something does not fit still.',
  subGraphs: ['operations'],
  values: valuesOf(BREAK_STATUSES),
})
export const bankResolutionType = builder.enumType('BankResolution', {
  description: 'By what a break ended; GONE: what did not fit does now.',
  subGraphs: ['operations'],
  values: valuesOf(RESOLUTIONS),
})
export const bankProposalKindType = builder.enumType('BankProposalKind', {
  description: 'What one person proposes and another one approves. SET_ASIDE: the line is no money.',
  subGraphs: ['operations'],
  values: valuesOf(PROPOSALS),
})
export const bankMatchWayType = builder.enumType('BankMatchWay', {
  description: 'By what it is known what an entry of a bank is.',
  subGraphs: ['operations'],
  values: valuesOf(MATCH_WAYS),
})
export const bankEntryKindType = builder.enumType('BankEntryKind', {
  description: 'A payment, or the charges that the bank took with it.',
  subGraphs: ['operations'],
  values: valuesOf(ENTRY_KINDS),
})

export const conformanceStatusType = builder.enumType('ConformanceStatus', {
  description: 'Where a conformance run stands. One in which something was never right has EXPIRED in the end.',
  subGraphs: ledgerGraphs,
  values: valuesOf(CONFORMANCE_STATUSES),
})
export const conformanceCodeType = builder.enumType('ConformanceCode', {
  description: 'What a partner shows in a conformance run.',
  subGraphs: ledgerGraphs,
  values: valuesOf(CONFORMANCE_CHECKS),
})
export const checkStatusType = builder.enumType('ConformanceCheckStatus', {
  description: 'Not seen yet, right, or wrong; what was not seen when a run ends has failed.',
  subGraphs: ledgerGraphs,
  values: valuesOf(CHECK_STATUSES),
})
export const gradeType = builder.enumType('Grade', {
  description: 'What a partner is found to be in a month; NOT_RATED where too little was measured.',
  subGraphs: ledgerGraphs,
  values: valuesOf(GRADES),
})
export const measureType = builder.enumType('RatingMeasure', {
  description: 'What is measured of a partner.',
  subGraphs: ledgerGraphs,
  values: valuesOf(RATED_MEASURES),
})
export const offboardingStatusType = builder.enumType('OffboardingStatus', {
  description: 'Where an exit stands; CANCELLED and CLOSED stay.',
  subGraphs: ledgerGraphs,
  values: valuesOf(OFFBOARDING_STATUSES),
})
export const exitStepType = builder.enumType('ExitStep', {
  description: 'What is done for an exit once its date has come, in this order.',
  subGraphs: ledgerGraphs,
  values: valuesOf(EXIT_STEPS),
})
export const exitCodeType = builder.enumType('ExitCode', {
  description: 'What an exit waits for.',
  subGraphs: ledgerGraphs,
  values: valuesOf(EXIT_CODES),
})
export const exitStateType = builder.enumType('ExitState', {
  description: 'Whether something is open; NOT_YET is not asked before the date.',
  subGraphs: ledgerGraphs,
  values: valuesOf(EXIT_STATES),
})
export const acknowledgeableExitType = builder.enumType('AcknowledgeableExit', {
  description: 'What may stay open when an exit is closed.',
  subGraphs: ['operations'],
  values: valuesOf(ACKNOWLEDGEABLE_EXITS),
})
export const assessmentStatusType = builder.enumType('AssessmentStatus', {
  description: 'Where an assessment stands; PASSED and REJECTED stay.',
  subGraphs: ['operations'],
  values: valuesOf(ASSESSMENT_STATUSES),
})
export const complaintCategoryType = builder.enumType('ComplaintCategory', {
  description: 'What a complaint is about.',
  subGraphs: [...GRAPHS],
  values: valuesOf(COMPLAINT_CATEGORIES),
})
export const complaintSeverityType = builder.enumType('ComplaintSeverity', {
  description: 'How grave a complaint is.',
  subGraphs: ['partner', 'operations'],
  values: valuesOf(COMPLAINT_SEVERITIES),
})
export const complaintStatusType = builder.enumType('ComplaintStatus', {
  description: 'Where a complaint stands; UPHELD, REJECTED and WITHDRAWN stay.',
  subGraphs: [...GRAPHS],
  values: valuesOf(COMPLAINT_STATUSES),
})
export const complaintOutcomeType = builder.enumType('ComplaintOutcome', {
  description: 'Whether a complainant is right.',
  subGraphs: ['operations'],
  values: valuesOf(COMPLAINT_OUTCOMES),
})
export const complainantKindType = builder.enumType('ComplainantKind', {
  description: 'Who complains; of OTHER nothing is kept but what was said.',
  subGraphs: ['operations'],
  values: valuesOf(COMPLAINANT_KINDS),
})
export const assessmentDimensionType = builder.enumType('AssessmentDimension', {
  description: 'What a partner is assessed on.',
  subGraphs: ['operations'],
  values: valuesOf(DIMENSIONS),
})

type EnumValues<T extends string> = Readonly<Record<string, { readonly value: T }>>

/** Upper-case names, `zh-CN` as `ZH_CN`, over the words used inside. */
function valuesOf<const T extends string>(words: readonly T[]): EnumValues<T> {
  return Object.fromEntries(words.map((word) => [word.toUpperCase().replaceAll('-', '_'), { value: word }]))
}
