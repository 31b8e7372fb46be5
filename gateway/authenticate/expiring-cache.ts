/** Keeps values until an instant of their own; when it is full, the one kept longest makes room. */
export class ExpiringCache<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly until: number }>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  get(key: string, now: Date): V | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.until > now.getTime()) return entry?.value
    this.#entries.delete(key)
    return undefined
  }

  set(key: string, value: V, until: Date): void {
    const oldest = this.#entries.size >= this.#most ? this.#entries.keys().next().value : undefined
    if (oldest !== undefined) this.#entries.delete(oldest)
    this.#entries.set(key, { value, until: until.getTime() })
  }
}
