import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { z } from 'zod'
import { Fault } from '../../kernel/fault.ts'
import { ndjsonLines } from '../../kernel/ndjson-lines.ts'
import { parseWith } from '../../kernel/parse.ts'

/** Line by line of a file of JSON lines; the first one is its header. */
export type FileLine = { readonly number: number; readonly value: unknown }

export type OnBytes = (progress: { readonly done: number; readonly total: number }) => void

const CHUNK_BYTES = 1_048_576
/** No record comes near: what is longer is no file of ours. */
const LONGEST_LINE_BYTES = 64 * CHUNK_BYTES

/** Reads a file, holding one line and one chunk at a time. Throws `NOT_FOUND`, and `INVALID_INPUT` with a line's number. */
export async function* readLines(file: string, onBytes?: OnBytes): AsyncGenerator<FileLine> {
  const { size: total } = await statOf(file)
  const stream = createReadStream(file, { highWaterMark: CHUNK_BYTES })
  let told = 0
  for await (const { number, bytes } of ndjsonLines(stream, LONGEST_LINE_BYTES)) {
    yield { number, value: parseJson(bytes, number) }
    if (stream.bytesRead === told) continue
    told = stream.bytesRead
    onBytes?.({ done: told, total })
  }
}

/** Reads a line with a schema. Throws `INVALID_INPUT` with its number. */
export function parseLine<T extends z.ZodType>(schema: T, { number, value }: FileLine): z.output<T> {
  return parseWith(schema, value, `line ${number}`)
}

async function statOf(file: string): Promise<{ readonly size: number }> {
  const found = await stat(file).catch((cause: unknown) => {
    throw new Fault('NOT_FOUND', `${file} cannot be read`, { cause })
  })
  if (!found.isFile()) throw new Fault('NOT_FOUND', `${file} is not a file`)
  return found
}

function parseJson(bytes: Buffer, number: number): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch (cause) {
    throw new Fault('INVALID_INPUT', `line ${number}: it is not JSON`, { cause })
  }
}
