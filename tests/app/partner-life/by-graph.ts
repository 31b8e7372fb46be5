import { randomUUID } from 'node:crypto'
import type { StaffRole } from '../../../kernel/caller.ts'
import { sha256Hex } from '../../../kernel/digest.ts'
import { askAsPerson } from '../../gateway/as-person.ts'
import { REDIRECT_URI } from '../../gateway/consent-flow.ts'
import type { TestGateway } from '../../gateway/gateway.ts'
import { EVIDENCE } from '../../partners/assessments/scene.ts'
import { CLIENT_SCOPES, type Manager, PAPER, type Said } from './manager.ts'

const REASON = 'as it was agreed'

/** Members of the staff at the operations graph. */
export function byGraph(gateway: TestGateway): Manager {
  const ask = async (
    who: string,
    query: string,
    variables: object,
    roles: readonly StaffRole[] = ['partner-manager'],
  ) => (await askAsPerson(gateway, { staff: who, roles }, { query, variables })).body
  const step = async (
    who: string,
    [verb, type, thing, fields = 'id status']: readonly [string, string, string, string?],
    input: object,
    roles?: readonly StaffRole[],
  ): Promise<Said> => {
    const query = `mutation ($input: ${type}!) { ${verb}(input: $input) { ${thing} { ${fields} } userErrors { code } } }`
    const body = await ask(who, query, { input: { idempotencyKey: randomUUID(), ...input } }, roles)
    const said = body.data?.[verb] as (Record<string, Said> & { userErrors: readonly { code: string }[] }) | undefined
    return said?.[thing] ?? { refused: said?.userErrors[0]?.code ?? body.errors?.[0]?.extensions.code }
  }
  return {
    applications: async (who) => {
      const fields = 'partner { code status } contact { email }'
      const body = await ask(who, `{ applications(first: 100) { edges { node { ${fields} } } } }`, {})
      const found = body.data?.['applications'] as { edges: readonly { node: ApplicationNode }[] } | undefined
      return (found?.edges ?? []).map(({ node: { partner, contact } }) => ({ ...partner, email: contact?.email }))
    },
    reject: (who, partner) =>
      step(who, ['rejectApplication', 'RejectApplicationInput', 'application', 'id'], { partner, reason: REASON }),
    open: (who, partner) => step(who, ['openAssessment', 'OpenAssessmentInput', 'assessment'], { partner }),
    score: (who, assessment, criterion, points) =>
      step(who, ['scoreAssessment', 'ScoreAssessmentInput', 'assessment'], {
        ...{ assessment, criterion, points, evidence: EVIDENCE },
      }),
    propose: (who, assessment) => step(who, ['proposeAssessment', 'AssessmentStepInput', 'assessment'], { assessment }),
    approve: (who, assessment) => step(who, ['approveAssessment', 'AssessmentStepInput', 'assessment'], { assessment }),
    createClient: (who, partner, jwks) =>
      step(who, ['createClient', 'CreateClientInput', 'client'], {
        ...{ partner, name: 'Portal', jwks: JSON.stringify(jwks), scopes: CLIENT_SCOPES, redirectUris: [REDIRECT_URI] },
      }),
    revokeClient: (who, client) =>
      step(who, ['revokeClient', 'RevokeClientInput', 'client'], { client, reason: REASON }),
    goLive: (who, partner) => step(who, ['goLive', 'GoLiveInput', 'partner'], { partner }),
    allow: (who, partner, permille) =>
      step(who, ['changeCapability', 'ChangeCapabilityInput', 'capability', 'status'], {
        ...{ partner, kind: 'QUOTA', key: 'granted', status: 'ACTIVE', permille, reason: REASON },
      }),
    suspend: (who, partner, idempotencyKey) =>
      step(who, ['suspendPartner', 'PartnerHoldInput', 'partner'], { partner, reason: REASON, idempotencyKey }, [
        'compliance',
      ]),
    resume: (who, partner) => step(who, ['resumePartner', 'PartnerHoldInput', 'partner'], { partner, reason: REASON }),
    leave: (who, partner, exitAt) =>
      step(who, ['planOffboarding', 'OffboardingDateInput', 'offboarding'], { partner, exitAt, reason: REASON }),
    attest: async (who, partner) => {
      const query = `mutation ($input: AttestForPartnerInput!) {
        attestForPartner(input: $input) { offboarding { id status } userErrors { code } } }`
      const input = { partner, sha256: sha256Hex(PAPER.text), name: PAPER.name }
      const body = await ask(who, query, { input }, ['compliance'])
      const said = body.data?.['attestForPartner'] as { readonly offboarding: Said | null } | undefined
      return said?.offboarding ?? { refused: body.errors?.[0]?.extensions.code ?? 'REFUSED' }
    },
    close: (who, partner) =>
      step(who, ['closeOffboarding', 'CloseOffboardingInput', 'offboarding'], { partner, reason: REASON }, ['finance']),
  }
}

type ApplicationNode = {
  readonly partner: { readonly code: string; readonly status: string }
  readonly contact: { readonly email: string } | null
}
