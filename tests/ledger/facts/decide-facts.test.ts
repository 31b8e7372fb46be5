import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newId } from '../../../kernel/ids.ts'
import { type Admission, decideFacts, type KeyedFact, type KnownFact } from '../../../ledger/facts/decide-facts.ts'
import { isRefused, type RefusedFact } from '../../../ledger/facts/fact-result.ts'

type Fact = KeyedFact & { readonly fit: boolean }

const REFUSED: RefusedFact = {
  outcome: 'refused',
  externalId: 'x',
  code: 'INVALID_INPUT',
  message: 'no',
  field: undefined,
}
const admit = ({ fit }: Fact): Admission => (fit ? { newId: newId('ctr') } : REFUSED)

const facts: fc.Arbitrary<Fact> = fc.record({
  externalId: fc.constantFrom('a', 'b', 'c'),
  fingerprint: fc.constantFrom('1', '2'),
  fit: fc.boolean(),
})
const batches = fc.array(fc.oneof({ weight: 9, arbitrary: facts }, { weight: 1, arbitrary: fc.constant(REFUSED) }))

/** Outcomes of a batch, with ids told apart by what they stand for. */
function play(parts: readonly (Fact | RefusedFact)[], sizes: readonly number[]): readonly string[] {
  const known = new Map<string, KnownFact>()
  const outcomes: string[] = []
  let from = 0
  for (const size of [...sizes, parts.length]) {
    const { results, accepted } = decideFacts(parts.slice(from, from + size), known, admit)
    from += size
    for (const { id, fact } of accepted) known.set(fact.externalId, { id, fingerprint: fact.fingerprint })
    for (const result of results) {
      outcomes.push(isRefused(result) ? result.code : `${result.outcome} ${known.get(result.externalId)?.fingerprint}`)
    }
  }
  return outcomes
}

describe('the decision on a batch', () => {
  test('is the same however the batch is split', () => {
    fc.assert(
      fc.property(batches, fc.array(fc.nat(4)), (parts, sizes) => {
        expect(play(parts, sizes)).toEqual(play(parts, []))
      }),
    )
  })

  test('stores each key at most once, and answers the same id for the same content', () => {
    fc.assert(
      fc.property(batches, (parts) => {
        const { results, accepted } = decideFacts(parts, new Map(), admit)
        const ids = new Map(accepted.map(({ id, fact }) => [fact.externalId, id]))
        expect(ids.size).toBe(accepted.length)
        expect(results).toHaveLength(parts.length)
        for (const result of results) if (!isRefused(result)) expect(result.id).toBe(ids.get(result.externalId))
      }),
    )
  })

  test('a refused fact leaves its key to the next', () => {
    const fact = (fingerprint: string, fit: boolean): Fact => ({ externalId: 'a', fingerprint, fit })
    expect(play([fact('1', false), fact('2', true), fact('1', true), fact('2', false)], [])).toEqual([
      'INVALID_INPUT',
      'recorded 2',
      'IDEMPOTENCY_CONFLICT',
      'replayed 2',
    ])
  })
})
