import { productProjector } from '../catalog/project-products.ts'
import { alertProjector } from '../customers/alarms/project-alerts.ts'
import { caseProjector } from '../customers/cases/project-cases.ts'
import { deletionProjector } from '../customers/deletions/project-deletions.ts'
import { incidentProjector } from '../customers/incidents/project-incidents.ts'
import { preferenceProjector } from '../customers/preferences/project-preferences.ts'
import { customerProjector } from '../customers/project-customers.ts'
import { disclosureBatchProjector } from '../customers/project-disclosure-batches.ts'
import { referenceProjector } from '../customers/references/project-references.ts'
import { rotationProjector } from '../customers/subjects/project-rotations.ts'
import { suppliedTagProjector } from '../customers/supply/project-supplied-tags.ts'
import { adjustmentProjector } from '../ledger/adjustments/project-adjustments.ts'
import { agreementProjector } from '../ledger/agreements/project-agreements.ts'
import { contractProjector } from '../ledger/agreements/project-contracts.ts'
import { bankAccountProjector } from '../ledger/bank-accounts/project-bank-accounts.ts'
import { disputeProjector } from '../ledger/disputes/project-disputes.ts'
import { distributionProjector } from '../ledger/distribution/project-distribution.ts'
import { factProjector } from '../ledger/facts/project-facts.ts'
import { invoiceProjector } from '../ledger/invoices/project-invoices.ts'
import { journalProjector } from '../ledger/journal/project-entries.ts'
import { openingProjector } from '../ledger/openings/project-openings.ts'
import { payoutProjector } from '../ledger/payouts/project-payouts.ts'
import { pointsProjector } from '../ledger/points/project-points.ts'
import { receivablesProjector } from '../ledger/receivables/project-receivables.ts'
import { reconciliationProjector } from '../ledger/reconciliation/project-reconciliation.ts'
import { reserveProjector } from '../ledger/reserves/project-reserves.ts'
import { settlementProjector } from '../ledger/settlement/project-settlement.ts'
import { applicationProjector } from '../partners/applications/project-applications.ts'
import { assessmentProjector } from '../partners/assessments/project-assessments.ts'
import { capabilityProjector } from '../partners/capabilities/project-capabilities.ts'
import { complaintProjector } from '../partners/complaints/project-complaints.ts'
import { conformanceProjector } from '../partners/conformance/project-runs.ts'
import { offboardingProjector } from '../partners/offboarding/project-offboardings.ts'
import { partnerProjector } from '../partners/project-partners.ts'
import { scorecardProjector } from '../partners/ratings/project-scorecards.ts'
import { webhookProjector } from '../partners/webhooks/project-webhooks.ts'
import type { Projector } from '../records/projector.ts'

/**
 * Every table that is a projection of records, and who writes it. Entries come before the periods that they are in: a
 * locked one takes none.
 */
export const PROJECTORS: readonly Projector[] = [
  partnerProjector,
  capabilityProjector,
  applicationProjector,
  assessmentProjector,
  conformanceProjector,
  complaintProjector,
  offboardingProjector,
  scorecardProjector,
  webhookProjector,
  customerProjector,
  deletionProjector,
  rotationProjector,
  caseProjector,
  preferenceProjector,
  referenceProjector,
  suppliedTagProjector,
  disclosureBatchProjector,
  alertProjector,
  incidentProjector,
  productProjector,
  agreementProjector,
  contractProjector,
  reserveProjector,
  factProjector,
  adjustmentProjector,
  receivablesProjector,
  openingProjector,
  journalProjector,
  settlementProjector,
  disputeProjector,
  distributionProjector,
  payoutProjector,
  bankAccountProjector,
  invoiceProjector,
  reconciliationProjector,
  pointsProjector,
]

/** Those whose tables are compared with the records: the journal has a check of its own. */
export const COMPARED_PROJECTORS = PROJECTORS.filter((projector) => projector !== journalProjector)
