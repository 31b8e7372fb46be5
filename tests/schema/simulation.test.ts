import { beforeAll, expect, test } from 'vitest'
import type { Caller, PartnerCaller } from '../../kernel/caller.ts'
import { operationsSchema } from '../../schema/graphs.ts'
import { termsFor, w1Scene } from '../ledger/settlement/scene.ts'
import { useWorld } from '../support/database.ts'
import { type Answer, ask } from './asking.ts'

const world = useWorld()
let programme: string
let member: PartnerCaller
let partner: string

const SIMULATE = `query ($input: SimulateTermsInput!) { simulateTerms(input: $input) { hash facts
  months { month outcome { change { minor } } } total { today { amount } tried { amount } change { amount } }
  partners { partner outcome { change { minor } } rulesToday { version place kind total { minor } lineCount }
    rulesTried { version place kind total { minor } forgone { minor } } } } }`

beforeAll(async () => {
  world.clock.set('2026-05-20T00:00:00Z')
  const scene = await w1Scene(world)
  programme = scene.programme
  member = scene.member
  partner = scene.member.code
})

function simulate(input: object, caller: Caller = staff): Promise<Answer> {
  const wanted = { programme, from: '2026-04', terms: JSON.stringify(tried()), ...input }
  return ask({ schema: operationsSchema, context: world.context, caller }, SIMULATE, { input: wanted })
}

const staff: Caller = { kind: 'staff', name: 'alice', roles: new Set(['finance']), requestId: 'r-1' }

/** 40 % instead of 20 %, and never more than 9 yuan. */
function tried(changes: object = {}): object {
  const rule = { kind: 'REFERRAL_COMMISSION_SHARE', ratePpm: 400_000, window: { days: 90 }, base: 'COMMISSION' }
  return termsFor(programme, { version: 2, rules: [rule], limits: { capPerPeriod: 900 }, ...changes })
}

test('staff tries terms and sees what would change, for whom, and by which rule', async () => {
  const { data, codes } = await simulate({ to: '2026-05' })
  expect(codes).toEqual([])
  const common = { place: 0, kind: 'REFERRAL_COMMISSION_SHARE' }
  expect(data).toEqual({
    simulateTerms: {
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      facts: 8,
      months: [
        { month: '2026-04', outcome: { change: { minor: '442' } } },
        { month: '2026-05', outcome: { change: { minor: '0' } } },
      ],
      total: { today: { amount: '4.58' }, tried: { amount: '9.00' }, change: { amount: '4.42' } },
      partners: [
        {
          partner,
          outcome: { change: { minor: '442' } },
          rulesToday: [{ ...common, version: 1, total: { minor: '458' }, lineCount: 3 }],
          rulesTried: [{ ...common, version: 2, total: { minor: '900' }, forgone: { minor: '16' } }],
        },
      ],
    },
  })
})

test('terms that are at fault, and who is no staff, are refused', async () => {
  expect((await simulate({ terms: '{"version": 1, "version": 2}' })).codes).toEqual(['INVALID_INPUT'])
  expect((await simulate({ terms: JSON.stringify(tried({ asset: 'USD/2' })) })).codes).toEqual(['INVALID_INPUT'])
  expect((await simulate({ partner: 'nobody' })).codes).toEqual(['NOT_FOUND'])
  expect((await simulate({}, member)).codes).toEqual(['FORBIDDEN'])
})
