import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const HEADER =
  'age,job,marital,education,default,balance,housing,loan,contact,day,month,duration,campaign,pdays,previous,poutcome,y'
const JOBS = ['management', 'technician', 'blue-collar', 'admin.', 'services', 'retired', 'student', 'unknown']
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const LINES_AT_ONCE = 1000

/** Writes so many customers in the shape of the UCI Bank Marketing data; the same rows each time. */
export async function writeBankFile(file: string, rows: number): Promise<void> {
  await pipeline(Readable.from(chunks(rows)), createWriteStream(file))
}

function* chunks(rows: number): Generator<string, void, void> {
  const random = randomNumbers(20_260_101)
  yield `${HEADER}\n`
  for (let written = 0; written < rows; written += LINES_AT_ONCE) {
    const lines = Array.from({ length: Math.min(LINES_AT_ONCE, rows - written) }, () => lineOf(random))
    yield `${lines.join('\n')}\n`
  }
}

function lineOf(random: (below: number) => number): string {
  const pick = (values: readonly string[]): string => values[random(values.length)] ?? ''
  const yes = (outOf: number): string => (random(outOf) === 0 ? 'yes' : 'no')
  const contacted = random(5) === 0
  return [
    18 + random(70),
    pick(JOBS),
    pick(['married', 'single', 'divorced']),
    pick(['primary', 'secondary', 'tertiary', 'unknown']),
    yes(50),
    random(12_000) - 1_000,
    yes(2),
    yes(6),
    pick(['cellular', 'telephone', 'unknown']),
    1 + random(28),
    pick(MONTHS),
    random(1_500),
    1 + random(10),
    contacted ? random(400) : -1,
    contacted ? random(6) : 0,
    contacted ? pick(['failure', 'other', 'success']) : 'unknown',
    yes(9),
  ].join(',')
}

/** Whole numbers below a bound, from a seed (mulberry32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}
