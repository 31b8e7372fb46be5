import { expect, test } from 'vitest'
import type { Caller } from '../../kernel/caller.ts'
import { operationsSchema } from '../../schema/graphs.ts'
import { useWorld } from '../support/database.ts'
import { ask } from './asking.ts'

const world = useWorld()
const caller: Caller = { kind: 'staff', name: 'ann', roles: new Set(['finance']), requestId: 'r-1' }
const TRIAL = 'query ($at: DateTime) { trialBalance(at: $at) { __typename } }'

test.each([
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+08:00',
  '9999-12-31T23:59:59-08:00',
  '1970-01-01T00:00:00+08:00',
])('a time before 1970 or after 2199, or none, is refused: %s', async (at) => {
  const { codes } = await ask({ schema: operationsSchema, context: world.context, caller }, TRIAL, { at })
  expect(codes).toEqual([expect.stringContaining('it is not a time')])
})

test.each(['1970-01-01T00:00:00Z', '2199-12-31T23:59:59Z'])('the first and the last are answered: %s', async (at) => {
  const { codes } = await ask({ schema: operationsSchema, context: world.context, caller }, TRIAL, { at })
  expect(codes).toEqual([])
})
