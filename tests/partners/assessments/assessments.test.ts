import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rejectApplication } from '../../../partners/applications/reject-application.ts'
import { approveAssessment } from '../../../partners/assessments/approve-assessment.ts'
import { listAssessments } from '../../../partners/assessments/list-assessments.ts'
import { openAssessment } from '../../../partners/assessments/open-assessment.ts'
import { proposeAssessment } from '../../../partners/assessments/propose-assessment.ts'
import { rejectAssessment } from '../../../partners/assessments/reject-assessment.ts'
import { CRITERIA, DIMENSIONS, FLOORS, lackingIn, pointsByDimension } from '../../../partners/assessments/rubric.ts'
import { scoreAssessment } from '../../../partners/assessments/score-assessment.ts'
import { findPartner } from '../../../partners/find-partner.ts'
import { goLive } from '../../../partners/go-live.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import { useWorld } from '../../support/database.ts'
import { conformant } from '../conformance/conformant.ts'
import { activeClient, sandboxPartner } from '../factories.ts'
import { applied, as, EVIDENCE, once, passed, scored } from './scene.ts'

const world = useWorld()

describe('the rubric', () => {
  it('gives 100 points in each dimension', () => {
    const full = CRITERIA.map(({ key, most }) => ({ criterion: key, points: most }))
    expect(Object.values(pointsByDimension(full))).toEqual([100, 100, 100])
    expect(lackingIn(full)).toEqual([])
  })

  it('lets no dimension make up for another, and no better score ever lacks more', () => {
    const some = fc.tuple(...CRITERIA.map(({ most }) => fc.tuple(fc.nat(most), fc.nat(most))))
    fc.assert(
      fc.property(some, (pairs) => {
        const scores = (pick: (a: number, b: number) => number) =>
          CRITERIA.map(({ key }, at) => ({ criterion: key, points: pick(...(pairs[at] ?? [0, 0])) }))
        const [less, more] = [scores(Math.min), scores(Math.max)]
        expect(lackingIn(more).length).toBeLessThanOrEqual(lackingIn(less).length)
        const sums = pointsByDimension(less)
        expect(lackingIn(less).length).toBe(DIMENSIONS.filter((one) => sums[one] < FLOORS[one]).length)
      }),
    )
  })
})

describe('a partner that applied', () => {
  it('comes into the sandbox when two persons approve who did not assess, and goes live with that and a conformance run', async () => {
    const { context } = world
    const code = await applied(context)
    const assessment = await passed(context, code)
    expect(assessment).toMatchObject({
      status: 'PASSED',
      assessors: ['staff:ann'],
      approvers: ['staff:ben', 'staff:cyd'],
    })
    const months = (assessment.expiresAt?.getTime() ?? 0) - assessment.changedAt.getTime()
    expect(Math.round(months / 86_400_000)).toBeGreaterThanOrEqual(365)
    expect(await findPartner(context, code)).toMatchObject({ status: 'SANDBOX' })
    await activeClient(context, code)
    await conformant(context, code)
    expect(await goLive(context, { partner: code })).toMatchObject({ status: 'LIVE' })
  })

  it('comes there by no other way', async () => {
    const { context } = world
    const code = await applied(context)
    await openAssessment(as(context, 'ann'), { partner: code, ...once() })
    const past = changePartnerStatus(context, { partner: code, status: 'SANDBOX', reason: 'in a hurry' })
    await expect(past).rejects.toMatchObject({ code: 'NOT_READY', message: expect.stringContaining('no assessment') })
    expect(await findPartner(context, code)).toMatchObject({ status: 'ASSESSING' })
  })

  it('does not go live once its assessment has expired, until it is assessed anew', async () => {
    const { context, owner } = world
    const code = await applied(context)
    const { id } = await passed(context, code)
    await activeClient(context, code)
    await conformant(context, code)
    await owner`update assessments set expires_at = clock_timestamp() where id = ${id.slice(4)}`
    await expect(goLive(context, { partner: code })).rejects.toMatchObject({ code: 'NOT_READY' })
    await passed(context, code)
    expect(await goLive(context, { partner: code })).toMatchObject({ status: 'LIVE' })
    expect(await listAssessments(context, code)).toHaveLength(2)
  })

  it('is refused with its contact forgotten', async () => {
    const { context } = world
    const code = await applied(context)
    const rejected = await rejectApplication(as(context, 'ann'), { partner: code, reason: 'no licence' })
    expect(rejected).toMatchObject({ status: 'REJECTED', contact: undefined })
  })
})

describe('an assessment', () => {
  it('is not proposed below a floor, and says which', async () => {
    const { context } = world
    const ann = as(context, 'ann')
    const { id } = await scored(ann, await applied(context), 1)
    for (const criterion of ['licence', 'data_protection']) {
      await scoreAssessment(ann, { assessment: id, criterion, points: 20, evidence: EVIDENCE, ...once() })
    }
    await expect(proposeAssessment(ann, { assessment: id, ...once() })).rejects.toMatchObject({
      code: 'NOT_READY',
      message: 'the partner does not pass: COMPLIANCE_CAPABILITY has 60 of at least 70 points',
    })
  })

  it.each([
    ['points without evidence', { evidence: [] }, 'evidence'],
    ['more points than there are', { points: 41 }, 'points'],
    ['points below none', { points: -1 }, 'points'],
    ['a criterion that is none', { criterion: 'charm' }, 'criterion'],
    ['evidence that is no hash', { evidence: [{ sha256: 'A', name: 'a' }] }, 'evidence.0.sha256'],
  ])('refuses %s', async (_, fault, field) => {
    const ann = as(world.context, 'ann')
    const { id: assessment } = await openAssessment(ann, { partner: (await sandboxPartner(ann)).code, ...once() })
    const score = { assessment, criterion: 'licence', points: 1, evidence: EVIDENCE, ...once(), ...fault }
    await expect(scoreAssessment(ann, score)).rejects.toMatchObject({ code: 'INVALID_INPUT', field })
  })

  it('is approved by nobody who assessed, by no person twice, and by no system', async () => {
    const { context } = world
    const [ann, ben, cyd] = [as(context, 'ann'), as(context, 'ben'), as(context, 'cyd')]
    const { id: assessment } = await scored(ann, await applied(context))
    await scoreAssessment(ben, { assessment, criterion: 'reach', points: 30, evidence: EVIDENCE, ...once() })
    await proposeAssessment(ann, { assessment, ...once() })
    for (const one of [ann, ben, { ...context, actor: 'system:worker' as const }]) {
      await expect(approveAssessment(one, { assessment, ...once() })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    }
    await approveAssessment(cyd, { assessment, ...once() })
    await expect(approveAssessment(cyd, { assessment, ...once() })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  it('has two approvals, when ten persons approve at once, and passes once', async () => {
    const { context } = world
    const code = await applied(context)
    const { id: assessment } = await scored(as(context, 'ann'), code)
    await proposeAssessment(as(context, 'ann'), { assessment, ...once() })
    const people = Array.from({ length: 10 }, (_, at) => as(context, `person-${at}`))
    const asked = await Promise.allSettled(people.map((one) => approveAssessment(one, { assessment, ...once() })))
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    for (const one of asked) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'WRONG_STATE' })
    const [last] = await listAssessments(context, code)
    expect(last).toMatchObject({ status: 'PASSED' })
    expect(new Set(last?.approvers).size).toBe(2)
  })

  it('is one at a time, also of two that are opened at once', async () => {
    const { context } = world
    const { code } = await sandboxPartner(context)
    const asked = await Promise.allSettled(
      ['ann', 'ben'].map((name) => openAssessment(as(context, name), { partner: code, ...once() })),
    )
    expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = asked.find((one) => one.status === 'rejected')
    expect(refused?.reason).toMatchObject({ code: 'WRONG_STATE' })
  })

  it('ends without passing, and another may begin', async () => {
    const { context } = world
    const ann = as(context, 'ann')
    const code = await applied(context)
    const { id: assessment } = await openAssessment(ann, { partner: code, ...once() })
    const rejection = { assessment, reason: 'no licence', ...once() }
    expect(await rejectAssessment(ann, rejection)).toMatchObject({ status: 'REJECTED' })
    await expect(proposeAssessment(ann, { assessment, ...once() })).rejects.toMatchObject({ code: 'WRONG_STATE' })
    expect(await openAssessment(ann, { partner: code, ...once() })).toMatchObject({ status: 'OPEN' })
  })
})
