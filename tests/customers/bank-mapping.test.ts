import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { listPurposes } from '../../customers/list-purposes.ts'
import { listTags } from '../../customers/list-tags.ts'
import { useWorld } from '../support/database.ts'
import { importText } from './factories.ts'
import { openedTags } from './sealed-tags.ts'

const world = useWorld()
const header =
  'age,job,marital,education,default,balance,housing,loan,contact,day,month,duration,campaign,pdays,previous,poutcome,y'

async function importRow(row: string): Promise<Record<string, string>> {
  const mapping = JSON.parse(
    await readFile(new URL('../../examples/bank-customers.mapping.json', import.meta.url), 'utf8'),
  )
  const report = await importText(world.context, `${header}\n${row}\n`, mapping)
  expect(report).toMatchObject({ rows: 1, refused: 0 })
  const tags = await openedTags(world.owner, 'bank-2')
  await world.owner`truncate tags`
  return tags
}

test('the bank’s mapping makes ten tags of a row, and names its customers by their lines', async () => {
  expect(await importRow('58,management,married,tertiary,no,2143,yes,no,unknown,5,may,261,1,-1,0,unknown,no')).toEqual({
    life_stage: 'PRE_RETIREMENT',
    age: '58',
    occupation: 'MANAGEMENT',
    education: 'TERTIARY',
    assets: '2143',
    risk_level: 'C4',
    has_mortgage: 'true',
    has_personal_loan: 'false',
    contact_channel: 'UNKNOWN',
    term_deposit: 'false',
  })
})

test('what the bank does not know of a customer is no tag', async () => {
  const tags = await importRow('24,unknown,single,unknown,yes,-12,no,yes,cellular,5,may,151,1,-1,0,unknown,yes')
  expect(tags).toMatchObject({ life_stage: 'STARTING_OUT', assets: '-12', risk_level: 'C1', term_deposit: 'true' })
  expect(Object.keys(tags)).not.toContain('occupation')
  expect(Object.keys(tags)).not.toContain('education')
})

test.each([
  ['job', '33,retired,single,primary,no,0,no,no,cellular', 'RETIRED'],
  ['age', '65,technician,married,primary,no,0,no,no,cellular', 'RETIRED'],
  ['age', '45,technician,married,primary,no,0,no,no,cellular', 'ESTABLISHED'],
  ['marriage', '30,technician,married,primary,no,0,no,no,cellular', 'FAMILY'],
  ['marriage', '30,technician,divorced,primary,no,0,no,no,cellular', 'SETTLING'],
  ['age', '24,technician,married,primary,no,0,no,no,cellular', 'STARTING_OUT'],
])('the life stage follows from %s: %s', async (_, row, stage) => {
  expect(await importRow(`${row},5,may,1,1,-1,0,unknown,no`)).toMatchObject({ life_stage: stage })
})

test.each([
  ['yes,no,no', 'C1'],
  ['no,yes,yes', 'C2'],
  ['no,no,yes', 'C3'],
  ['no,yes,no', 'C4'],
  ['no,no,no', 'C5'],
])('the risk level follows from default, housing and loan: %s', async (columns, level) => {
  const [credit, housing, loan] = columns.split(',')
  const row = `40,technician,single,primary,${credit},100,${housing},${loan},cellular,5,may,1,1,-1,0,unknown,no`
  expect(await importRow(row)).toMatchObject({ risk_level: level })
})

test('its tags and purposes have names in English and Chinese', async () => {
  const { context } = world
  const [tags, purposes] = [await listTags(context), await listPurposes(context)]
  expect(tags).toHaveLength(10)
  for (const { labelEn, labelZh } of tags)
    expect([labelEn, labelZh]).toEqual([
      expect.stringMatching(/^[\x20-\x7e]+$/),
      expect.stringMatching(/\p{Script=Han}/u),
    ])
  expect(purposes.map(({ key }) => key)).toEqual([
    'CREDIT_PREAPPROVAL',
    'EDUCATION_OFFERS',
    'MARKETING_INSURANCE',
    'SETTLEMENT',
    'WEALTH_ADVICE',
  ])
  for (const { nameZh } of purposes) expect(nameZh).toMatch(/\p{Script=Han}/u)
})
