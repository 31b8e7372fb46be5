import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CRITERIA } from '../../partners/assessments/rubric.ts'
import { findPartner } from '../../partners/find-partner.ts'
import { applied, EVIDENCE } from '../partners/assessments/scene.ts'
import { useWorld } from '../support/database.ts'
import { askAsPerson } from './as-person.ts'
import { startRealGateway } from './attacks/real-gateway.ts'
import type { TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
beforeAll(async () => {
  gateway = await startRealGateway(world)
})
afterAll(() => gateway.close())

/** Asks for one step as a member of the staff. */
async function step(name: string, role: 'partner-manager' | 'compliance' | 'finance', verb: string, input: object) {
  const type = verb.match(/^(approve|propose)/)
    ? 'AssessmentStepInput'
    : `${verb[0]?.toUpperCase()}${verb.slice(1)}Input`
  const query = `mutation ($input: ${type}!) { ${verb}(input: $input) {
    assessment { id status approvers dimensions { dimension points floor } } userErrors { code field } } }`
  const variables = { input: { ...input, idempotencyKey: randomUUID() } }
  const { body } = await askAsPerson(gateway, { staff: name, roles: [role] }, { query, variables })
  const said = body.data?.[verb] as { readonly assessment: { readonly id: string } | null } | undefined
  return { assessment: undefined, ...said, refused: body.errors?.[0]?.extensions.code }
}

it('an applicant is assessed through the operations graph, by those who may, and comes into the sandbox', async () => {
  const code = await applied(gateway.context)
  expect(await step('fay', 'finance', 'openAssessment', { partner: code })).toMatchObject({ refused: 'FORBIDDEN' })
  const { assessment: opened } = await step('ann', 'partner-manager', 'openAssessment', { partner: code })
  const assessment = opened?.id
  const early = await step('ann', 'partner-manager', 'proposeAssessment', { assessment })
  expect(early).toMatchObject({ assessment: null, userErrors: [{ code: 'NOT_READY' }] })
  for (const { key, most } of CRITERIA) {
    const score = { assessment, criterion: key, points: most, evidence: EVIDENCE }
    expect(await step('ann', 'partner-manager', 'scoreAssessment', score)).toMatchObject({ userErrors: [] })
  }
  const { assessment: proposed } = await step('ann', 'partner-manager', 'proposeAssessment', { assessment })
  expect(proposed).toMatchObject({
    status: 'PROPOSED',
    dimensions: [
      { points: 100, floor: 60 },
      { points: 100, floor: 60 },
      { points: 100, floor: 70 },
    ],
  })
  expect(await step('ann', 'partner-manager', 'approveAssessment', { assessment })).toMatchObject({
    refused: 'FORBIDDEN',
  })
  await step('ben', 'compliance', 'approveAssessment', { assessment })
  expect(await step('ben', 'compliance', 'approveAssessment', { assessment })).toMatchObject({ refused: 'FORBIDDEN' })
  const { assessment: passed } = await step('cyd', 'partner-manager', 'approveAssessment', { assessment })
  expect(passed).toMatchObject({ status: 'PASSED', approvers: ['staff:ben', 'staff:cyd'] })
  expect(await findPartner(gateway.context, code)).toMatchObject({ status: 'SANDBOX' })
})
