import { Fault } from './fault.ts'
import { invariant } from './invariant.ts'

/** Collects what concurrent callers ask for into common work: the next batch forms while one runs. */
export type Gatherer<Ask, Answer> = { readonly ask: (asks: readonly Ask[]) => Promise<readonly Answer[]> }

export type GathererOptions<Ask, Answer> = {
  /** Answers asks in their order. When it fails, all of its asks fail with its error. */
  readonly work: (asks: readonly Ask[]) => Promise<readonly Answer[]>
  /** Asks in one batch at most. */
  readonly mostTogether: number
  /** Batches that run at once. */
  readonly batchesAtOnce: number
  /** Asks that may wait; beyond it they are refused with `THROTTLED` and this sentence. */
  readonly mostWaiting: number
  readonly tooMany: string
}

type Waiting<Ask, Answer> = {
  readonly ask: Ask
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** Gathers asks for the work. An ask is never given to work that began before it was made. */
export function createGatherer<Ask, Answer>(options: GathererOptions<Ask, Answer>): Gatherer<Ask, Answer> {
  const { work, mostTogether, batchesAtOnce, mostWaiting, tooMany } = options
  const waiting: Waiting<Ask, Answer>[] = []
  let running = 0
  let scheduled = false

  const schedule = (): void => {
    if (scheduled || running === batchesAtOnce || waiting.length === 0) return
    scheduled = true
    // after this turn of the event loop: requests that arrived together go together
    setImmediate(start)
  }
  const start = (): void => {
    scheduled = false
    while (running < batchesAtOnce && waiting.length > 0) {
      running++
      void settle(waiting.splice(0, mostTogether), work).finally(() => {
        running--
        schedule()
      })
    }
  }
  const enqueue = (ask: Ask): Promise<Answer> =>
    new Promise((resolve, reject) => waiting.push({ ask, resolve, reject }))

  return {
    ask: (asks) => {
      if (waiting.length + asks.length > mostWaiting) return Promise.reject(new Fault('THROTTLED', tooMany))
      const answers = Promise.all(asks.map(enqueue))
      schedule()
      return answers
    },
  }
}

async function settle<Ask, Answer>(
  batch: readonly Waiting<Ask, Answer>[],
  work: (asks: readonly Ask[]) => Promise<readonly Answer[]>,
): Promise<void> {
  try {
    const answers = [...(await work(batch.map(({ ask }) => ask))).entries()]
    invariant(answers.length === batch.length, 'each ask has an answer')
    for (const [index, answer] of answers) batch[index]?.resolve(answer)
  } catch (error) {
    for (const { reject } of batch) reject(error)
  }
}
