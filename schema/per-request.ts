/** Remembers what a look-up found for the rest of the request, by its key: a page of 100 asks once for what they share. */
export function perRequest<C extends object, T>(
  find: (graph: C, key: string) => Promise<T>,
): (graph: C, key: string) => Promise<T> {
  const requests = new WeakMap<C, Map<string, Promise<T>>>()
  return (graph, key) => {
    const known = requests.get(graph) ?? new Map<string, Promise<T>>()
    requests.set(graph, known)
    const found = known.get(key) ?? find(graph, key)
    known.set(key, found)
    return found
  }
}
