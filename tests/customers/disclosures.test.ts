import { beforeAll, describe, expect, it } from 'vitest'
import { createWorld, useWorld } from '../support/database.ts'
import { customer, defineCatalogue, disclosuresOf, grant, liveParty, type Party, read, valuesOf } from './factories.ts'

const world = useWorld()
let party: Party

beforeAll(async () => {
  await defineCatalogue(world.context)
  party = await liveParty(world.context)
})

const partitions = async () =>
  (
    await world.owner<{ name: string }[]>`
      select inhrelid::regclass::text as name from pg_inherits where inhparent = 'disclosures'::regclass order by 1`
  ).map(({ name }) => name)

describe('without a disclosure there is no answer', () => {
  it('when the row cannot be written', async () => {
    const { context, owner } = world
    const consent = await grant(context, party, await customer(owner, { age: '47' }))
    await owner`revoke insert on disclosures from tributary_app`
    try {
      await expect(read(context, party, consent)).rejects.toThrow(/permission denied/)
    } finally {
      await owner`grant insert on disclosures to tributary_app`
    }
    expect(valuesOf(await read(context, party, consent))).toEqual({ age: '47' })
  })

  it('when the statement went well and only its commit fails', async () => {
    const { context, owner } = world
    const consent = await grant(context, party, await customer(owner))
    await owner.unsafe(`
      create function fail_at_commit() returns trigger language plpgsql as
        $$ begin raise exception 'the commit fails'; end $$;
      create constraint trigger fails after insert on disclosures deferrable initially deferred
        for each row execute function fail_at_commit()`)
    try {
      await expect(read(context, party, consent)).rejects.toThrow(/the commit fails/)
    } finally {
      await owner`drop trigger fails on disclosures`
    }
    expect(await disclosuresOf(owner, consent.subject)).toEqual([])
  })

  it('when the database cuts the connection while it works', async () => {
    const { context, owner } = world
    const consent = await grant(context, party, await customer(owner))
    const asked = await owner.begin(async (tx) => {
      await tx`lock table disclosures in access exclusive mode`
      const reading = Promise.allSettled([read(context, party, consent)])
      for (let cut = 0; cut === 0; ) {
        const ended = await tx`
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`
        cut = ended.length
      }
      return { reading }
    })
    expect(await asked.reading).toEqual([
      { status: 'rejected', reason: expect.objectContaining({ code: 'DATABASE_UNAVAILABLE' }) },
    ])
    expect(await disclosuresOf(owner, consent.subject)).toEqual([])
    expect(valuesOf(await read(context, party, consent))).toEqual({ age: '44' })
  })
})

describe('disclosures are records', () => {
  it.each([
    ['update', `update TABLE set outcome = 'nothing'`],
    ['delete', 'delete from TABLE'],
    ['truncate', 'truncate TABLE'],
  ])('no %s is let through, on the table or any partition, even by its owner', async (_, statement) => {
    const { context, owner } = world
    const account = await customer(owner)
    await read(context, party, await grant(context, party, account))
    const tables = ['disclosures', ...(await partitions())]
    expect(tables.length).toBeGreaterThan(25)
    for (const table of tables) {
      await expect(owner.unsafe(statement.replace('TABLE', table))).rejects.toThrow(/never changed or removed|refused/)
      const asApplication = context.database.transaction((tx) => tx.unsafe(statement.replace('TABLE', table)))
      await expect(asApplication).rejects.toThrow()
    }
  })

  it('what a consent covers cannot be changed either', async () => {
    const { context, owner } = world
    await grant(context, party, await customer(owner))
    await expect(owner`update consent_tags set granularity = 'exact'`).rejects.toThrow(/never changed or removed/)
    await expect(owner`delete from consent_tags`).rejects.toThrow(/never changed or removed/)
  })

  it('say nothing was disclosed unless a consent stands behind it', async () => {
    const insert = world.owner`
      insert into disclosures (id, at, partner_id, client_id, subject, purpose, tags, outcome, request_id)
      values (gen_random_uuid(), now(), gen_random_uuid(), gen_random_uuid(), 's', 'P', '{age:exact}', 'disclosed', 'r')`
    await expect(insert).rejects.toThrow(/disclosures_under_consent/)
  })
})

describe('partitions of disclosures', () => {
  it('stand ready for the months ahead, and a row goes into its own', async () => {
    const { context, owner } = world
    const consent = await grant(context, party, await customer(owner))
    await read(context, party, consent)
    const [row] = await owner`
      select tableoid::regclass::text as name, to_char(now() at time zone 'UTC', '"disclosures_"YYYY_MM') as month
      from disclosures where subject = ${consent.subject}`
    expect(row?.['name']).toBe(row?.['month'])
    expect(await partitions()).toHaveLength(26)
  })

  it('are made by the application when they are missing, guarded and writable, once', async () => {
    const { context } = world
    const made = async (months: number) =>
      (await context.database.reads<{ made: number }[]>`select ensure_disclosure_partitions(${months}) as made`)[0]
        ?.made
    const results = await Promise.all([made(27), made(27), made(27)])
    expect(results.toSorted()).toEqual([0, 0, 3])
    expect(await made(27)).toBe(0)
    const [last] = (await partitions()).filter((name) => name !== 'disclosures_other').slice(-1)
    const removal = world.owner.unsafe(`delete from ${last}`)
    await expect(removal).rejects.toThrow(/never changed or removed/)
  })

  it('leave a month to the default partition that has rows of it already', async () => {
    const other = await createWorld()
    try {
      await other.owner`
        insert into disclosures (id, at, partner_id, client_id, subject, purpose, tags, outcome, request_id)
        values (gen_random_uuid(), date_trunc('month', now()) + interval '25 months 3 days', gen_random_uuid(),
                gen_random_uuid(), 's', 'P', '{}', 'nothing', 'r')`
      const [row] = await other.context.database.reads`select ensure_disclosure_partitions(26) as made`
      expect(row).toEqual({ made: 1 })
      expect(await other.owner`select from disclosures_other`).toHaveLength(1)
    } finally {
      await other.close()
    }
  })
})
