import { availableParallelism } from 'node:os'
import type { Database } from '../../database/client.ts'
import { invariant } from '../../kernel/invariant.ts'
import { TILE_WIDTH, type Tree } from '../merkle/tiles.ts'
import type { Places } from '../store/sealed-records.ts'
import { type CheckedPlaces, checkPlaces } from './check-places.ts'
import { type Checker, openChecker } from './checker.ts'

/** How the places of a log are checked. */
export type Checking = {
  readonly database: Database
  readonly stored: Tree
  /** Threads that share the work; 0 for none but this one. As many as there are cores when absent, if it is worth it. */
  readonly threads?: number | undefined
  /** Stops the work at the next opportunity; its reason is thrown. */
  readonly signal?: AbortSignal | undefined
}

/** Starting a thread takes as long as checking so many records. */
const RECORDS_FOR_A_THREAD = 25_000
const PLACES_HERE = 2 * TILE_WIDTH
const PLACES_IN_A_THREAD = 64 * TILE_WIDTH
/** A thread has its next work already when it is done; more would only fill the memory with leaves. */
const ASKED_OF_A_THREAD = 2

/** All places of the log in their order, checked; on several cores side by side. */
export async function* checkedPlaces(checking: Checking): AsyncGenerator<CheckedPlaces, void, void> {
  const threads = checking.threads ?? threadsFor(checking.stored)
  if (threads === 0) {
    yield* inOrder(checking, { width: PLACES_HERE, ahead: 1 }, (places) =>
      checkPlaces(checking.database, checking.stored, places),
    )
    return
  }
  const { database, stored } = checking
  const checkers = Array.from({ length: threads }, () => openChecker({ address: database.address, stored }))
  try {
    yield* inOrder(checking, { width: PLACES_IN_A_THREAD, ahead: ASKED_OF_A_THREAD * threads }, inTurn(checkers))
  } finally {
    await Promise.all(checkers.map((checker) => checker.close()))
  }
}

/** None for a small log. */
function threadsFor({ size }: Tree): number {
  return Math.min(availableParallelism(), Math.floor(size / RECORDS_FOR_A_THREAD))
}

type Check = (places: Places) => Promise<CheckedPlaces>

function inTurn(checkers: readonly Checker[]): Check {
  const turn = [...checkers]
  return (places) => {
    const next = turn.shift()
    invariant(next, 'there is a thread')
    turn.push(next)
    return next.check(places)
  }
}

async function* inOrder(
  { stored: { size }, signal }: Checking,
  { width, ahead }: { readonly width: number; readonly ahead: number },
  check: Check,
): AsyncGenerator<CheckedPlaces, void, void> {
  const coming: Promise<CheckedPlaces>[] = []
  for (let from = 0; from < size || coming.length > 0; from += width) {
    signal?.throwIfAborted()
    if (from < size) coming.push(check({ from, to: Math.min(size, from + width) }))
    if (coming.length < ahead && from + width < size) continue
    const next = coming.shift()
    if (next) yield await next
  }
}
