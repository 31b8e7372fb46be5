/** Where time comes from; tests put their own in its place. */
export type Clock = { readonly now: () => Date }

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands at an instant: what is written in several places gets one time. */
export function clockAt(at: Date): Clock {
  return { now: () => new Date(at) }
}
