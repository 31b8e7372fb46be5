import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const WRITE_OUT = fileURLToPath(new URL('../../app/commands/write-out.ts', import.meta.url))
const ENDLESS = `
  const { writeOut } = await import(${JSON.stringify(WRITE_OUT)})
  try {
    for (;;) await writeOut('a line\\n'.repeat(10_000))
  } catch (error) {
    process.stderr.write(error.code)
    process.exitCode = 7
  }`

test('a writer whose reader has gone is told so, and comes to its end', async () => {
  const writer = spawn(process.execPath, ['--input-type=module', '-e', ENDLESS], { stdio: ['ignore', 'pipe', 'pipe'] })
  const told: string[] = []
  writer.stderr.on('data', (data: Buffer) => told.push(data.toString()))
  await once(writer.stdout, 'data')
  writer.stdout.destroy()
  const [code] = await once(writer, 'exit')
  expect([code, told.join('')]).toEqual([7, 'EPIPE'])
})
