type Waiting<T> = {
  readonly key: string
  readonly resolve: (value: T | undefined) => void
  readonly reject: (error: unknown) => void
}

type Request<T> = { readonly known: Map<string, Promise<T | undefined>>; waiting: Waiting<T>[] }

/**
 * Looks up together what the fields of a request ask for one by one: keys that come within a turn of the event loop go
 * into one call. What was found is remembered for the rest of the request.
 */
export function batched<C extends object, T>(
  findAll: (graph: C, keys: readonly string[]) => Promise<ReadonlyMap<string, T>>,
): (graph: C, key: string) => Promise<T | undefined> {
  const requests = new WeakMap<C, Request<T>>()
  const answer = async (graph: C, asked: readonly Waiting<T>[]): Promise<void> => {
    try {
      const found = await findAll(
        graph,
        asked.map(({ key }) => key),
      )
      for (const { key, resolve } of asked) resolve(found.get(key))
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }
  return (graph, key) => {
    const request: Request<T> = requests.get(graph) ?? { known: new Map(), waiting: [] }
    requests.set(graph, request)
    const known = request.known.get(key)
    if (known) return known
    if (request.waiting.length === 0) {
      setImmediate(() => {
        const asked = request.waiting
        request.waiting = []
        void answer(graph, asked)
      })
    }
    const asked = new Promise<T | undefined>((resolve, reject) => request.waiting.push({ key, resolve, reject }))
    request.known.set(key, asked)
    return asked
  }
}
