import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type JsonValue, once } from '../../records/once.ts'
import { contextOver, useWorld } from '../support/database.ts'

const world = useWorld()
const run = promisify(execFile)
const child = fileURLToPath(new URL('./once-child.ts', import.meta.url))

beforeAll(async () => {
  await world.owner`create table effects (id bigint generated always as identity, of_key text not null)`
})

const effects = async (key: string): Promise<number> => {
  const [row] = await world.owner<{ n: number }[]>`select count(*)::int as n from effects where of_key = ${key}`
  return row?.n ?? -1
}

const ask = (key: string, request: string, context: Context = world.context, scope = 'tests') =>
  once(context, { scope, key, request }, async (tx) => {
    const [row] = await tx<{ id: string }[]>`insert into effects (of_key) values (${key}) returning id`
    return { id: row?.id ?? '', list: [1, null, true, 'x'] }
  })

test('the same request again has one effect and the same answer', async () => {
  const first = await ask('again', 'a')
  const second = await ask('again', 'a')
  expect(first.replayed).toBe(false)
  expect(second).toEqual({ answer: first.answer, replayed: true })
  expect(await effects('again')).toBe(1)
})

test('the same key with another request is a conflict and changes nothing', async () => {
  await ask('other', 'a')
  await expect(ask('other', 'b')).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
  expect(await effects('other')).toBe(1)
})

test('the same key in another scope is another request', async () => {
  const first = await ask('scoped', 'a')
  const second = await ask('scoped', 'b', world.context, 'elsewhere')
  expect([first.replayed, second.replayed]).toEqual([false, false])
})

test('requests at once through two pools have one effect, and all get its answer', async () => {
  const other = openDatabase(world.address, 'tributary:tests:other', 8)
  const contexts = [world.context, contextOver(other, world.clock)]
  const asked = Array.from({ length: 16 }, (_, index) => ask('at once', 'a', contexts[index % 2]))
  const answers = await Promise.all(asked)
  await other.close()
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
  expect(new Set(answers.map(({ answer }) => answer.id)).size).toBe(1)
  expect(await effects('at once')).toBe(1)
})

test('requests at once from three processes have one effect, and all get its answer', async () => {
  const args = [child, JSON.stringify(world.address), 'processes', 'a']
  const outputs = await Promise.all([1, 2, 3].map(() => run(process.execPath, args)))
  const answers = outputs.flatMap(({ stdout }): { answer: { id: string; by: string }; replayed: boolean }[] =>
    JSON.parse(stdout),
  )
  expect(answers).toHaveLength(15)
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
  expect(new Set(answers.map(({ answer }) => JSON.stringify(answer))).size).toBe(1)
  expect(await effects('processes')).toBe(1)
})

test('a request that fails frees its key: one that waited for it works', async () => {
  const gate = openGate()
  const first = once(world.context, { scope: 'tests', key: 'fails', request: 'a' }, async (tx) => {
    await tx`insert into effects (of_key) values ('fails')`
    await gate.pass()
    throw new Error('broken')
  })
  const firstFails = expect(first).rejects.toThrow('broken')
  await gate.reached
  const second = ask('fails', 'b')
  await untilWaiting()
  gate.open()
  await firstFails
  expect((await second).replayed).toBe(false)
  expect(await effects('fails')).toBe(1)
})

test('a conflict is told also while the first request is still at work', async () => {
  const gate = openGate()
  const first = once(world.context, { scope: 'tests', key: 'slow', request: 'a' }, async () => {
    await gate.pass()
    return 'done'
  })
  await gate.reached
  const secondFails = expect(ask('slow', 'b')).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
  await untilWaiting()
  gate.open()
  expect(await first).toEqual({ answer: 'done', replayed: false })
  await secondFails
  expect(await effects('slow')).toBe(0)
})

test.each<JsonValue>([null, false, 0, '', [], {}, 'null', -1.5, { a: { b: ['\n"'] } }])(
  'the answer %j comes back as it was',
  async (answer) => {
    const input = { scope: 'answers', key: `k${JSON.stringify(answer)}`, request: 'a' }
    const first = await once<JsonValue>(world.context, input, async () => answer)
    const second = await once<JsonValue>(world.context, input, async () => 'worked twice')
    expect(first.answer).toEqual(answer)
    expect(JSON.stringify(second.answer)).toBe(JSON.stringify(first.answer))
  },
)

test.each(['', 'x'.repeat(201), 'a\u0000b', '\ud800'])('%j is no key', async (key) => {
  await expect(ask(key, 'a')).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'idempotencyKey' })
})

/** A place in the work of one request where it waits to be let on. */
function openGate(): {
  readonly reached: Promise<void>
  readonly pass: () => Promise<void>
  readonly open: () => void
} {
  const reached = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  const pass = (): Promise<void> => {
    reached.resolve()
    return opened.promise
  }
  return { reached: reached.promise, pass, open: opened.resolve }
}

async function untilWaiting(): Promise<void> {
  for (;;) {
    const [row] = await world.owner<{ n: number }[]>`
      select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
    if ((row?.n ?? 0) > 0) return
  }
}
