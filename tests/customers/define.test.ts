import { describe, expect, it } from 'vitest'
import { definePurposes } from '../../customers/define-purposes.ts'
import { defineTags } from '../../customers/define-tags.ts'
import { selectPurposes } from '../../customers/store/purposes.ts'
import { selectDefinitions } from '../../customers/store/tag-definitions.ts'
import { useWorld } from '../support/database.ts'
import { PURPOSES, TAGS } from './factories.ts'

const world = useWorld()
const [age, assets, level, loan] = TAGS
const [credit] = PURPOSES

describe('defining tags', () => {
  it('keeps what they mean, and the same again changes nothing', async () => {
    const { context, owner } = world
    await defineTags(context, TAGS)
    const versions = () => owner`select key, xmin::text as version from tag_definitions order by key`
    const before = await versions()
    await defineTags(context, TAGS)
    expect(await versions()).toEqual(before)
    expect(await selectDefinitions(context.database.reads, ['risk_level'])).toEqual([expect.objectContaining(level)])
  })

  it('lets labels and legal basis follow', async () => {
    const { context } = world
    await defineTags(context, [{ ...age, key: 'relabelled' }])
    await defineTags(context, [{ ...age, key: 'relabelled', labelEn: 'Years of age', legalBasis: 'Contract' }])
    const [kept] = await selectDefinitions(context.database.reads, ['relabelled'])
    expect(kept).toMatchObject({ labelEn: 'Years of age', legalBasis: 'Contract', labelZh: '标签' })
  })

  it.each([
    ['category', { category: 'finance' }],
    ['type', { type: 'DECIMAL' }],
    ['unit', { unit: 'months' }],
    ['sensitivity', { sensitivity: 'HIGH' }],
    ['granularities', { granularities: ['exact', 'band'], flag: undefined }],
    [
      'bands',
      { bands: [{ upTo: '39', label: 'under 30' }, { upTo: '59', label: '30 to 59' }, { label: '60 and over' }] },
    ],
    ['flag', { flag: { atLeast: '61' } }],
  ])('refuses another %s for a known tag, and then changes nothing at all', async (_, change) => {
    const { context } = world
    await defineTags(context, [age])
    const before = await selectDefinitions(context.database.reads)
    const definitions = [
      { ...loan, key: 'new_beside' },
      { ...age, ...change },
    ]
    await expect(defineTags(context, definitions)).rejects.toMatchObject({
      code: 'MEANING_CHANGED',
      message: expect.stringContaining('tag age'),
    })
    expect(await selectDefinitions(context.database.reads)).toEqual(before)
  })

  it.each([
    ['a key that is none', { ...age, key: 'Age' }],
    ['bands without their granularity', { ...loan, bands: [{ upTo: 'false', label: 'a' }, { label: 'b' }] }],
    ['a granularity without its bands', { ...age, bands: undefined }],
    [
      'bands that do not ascend',
      { ...age, bands: [{ upTo: '9', label: 'a' }, { upTo: '9', label: 'b' }, { label: 'c' }] },
    ],
    [
      'bands whose last is not open',
      {
        ...age,
        bands: [
          { upTo: '9', label: 'a' },
          { upTo: '10', label: 'b' },
        ],
      },
    ],
    ['an open band in the middle', { ...age, bands: [{ label: 'a' }, { label: 'b' }] }],
    ['bounds of another type', { ...age, bands: [{ upTo: 'ten', label: 'a' }, { label: 'b' }] }],
    ['two bands of one label', { ...age, bands: [{ upTo: '9', label: 'a' }, { label: 'a' }] }],
    ['a band for each value', { ...level, values: ['A', 'B'], bands: [{ upTo: 'A', label: 'a' }, { label: 'b' }] }],
    ['a flag on a value that is none', { ...level, flag: { in: ['C9'] } }],
    ['a threshold that is none', { ...assets, flag: { atLeast: 'much' } }],
    ['an ENUM without values', { ...level, values: undefined }],
    ['values beside another type', { ...age, values: ['1', '2'] }],
    ['an unknown member', { ...age, colour: 'red' }],
    ['a null character', { ...age, labelEn: 'a\u0000' }],
  ])('refuses %s', async (_, definition) => {
    await expect(defineTags(world.context, [definition])).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('refuses a key that stands twice', async () => {
    await expect(defineTags(world.context, [age, age])).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('at once from two sides defines each once', async () => {
    const { context } = world
    const some = ['beside_a', 'beside_b', 'beside_c'].map((key) => ({ ...age, key }))
    await Promise.all([defineTags(context, some), defineTags(context, some.toReversed())])
    expect(await selectDefinitions(context.database.reads, ['beside_a', 'beside_b', 'beside_c'])).toHaveLength(3)
  })

  it('leaves what tags mean out of the application’s reach', async () => {
    const { context } = world
    await defineTags(context, [age])
    const change = context.database.transaction(async (tx) => tx`update tag_definitions set bands = null`)
    await expect(change).rejects.toThrow(/permission denied/)
  })
})

describe('defining purposes', () => {
  it('lets a catalogue grow and names follow', async () => {
    const { context } = world
    await defineTags(context, TAGS)
    const purpose = { ...credit, key: 'GROWING', tagKeys: ['age'] }
    await definePurposes(context, [purpose])
    await definePurposes(context, [{ ...purpose, nameEn: 'Loans', tagKeys: ['age', 'assets'] }])
    expect(await selectPurposes(context.database.reads, ['GROWING'])).toEqual([
      { ...purpose, nameEn: 'Loans', tagKeys: ['age', 'assets'], direction: 'READ' },
    ])
  })

  it.each([
    ['another description', { description: 'To offer anything.' }],
    ['a smaller catalogue', { tagKeys: ['age'] }],
  ])('refuses %s', async (_, change) => {
    const { context } = world
    await defineTags(context, TAGS)
    await definePurposes(context, [credit])
    await expect(definePurposes(context, [{ ...credit, ...change }])).rejects.toMatchObject({ code: 'MEANING_CHANGED' })
    expect(await selectPurposes(context.database.reads, ['CREDIT'])).toEqual([{ ...credit, direction: 'READ' }])
  })

  it('refuses a tag that is not defined', async () => {
    const unknown = { ...credit, key: 'OTHER', tagKeys: ['height'] }
    await expect(definePurposes(world.context, [unknown])).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('height'),
    })
  })
})
