/** What a customer chose for all partners at once. */
export type Preferences = {
  /** Whether products may be recommended to them; true unless they said otherwise. */
  readonly recommendations: boolean
}
