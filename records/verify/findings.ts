/** Something in the log that is not as it was. */
export type Finding = { readonly what: string; readonly where: string }

/** Findings so far. Beyond the limit they are only counted, so that a log which is wrong throughout fits in memory. */
export type Findings = {
  readonly add: (where: string, what: string) => void
  readonly list: () => readonly Finding[]
}

/** Begins a list of findings. */
export function findings(limit = 1000): Findings {
  const found: Finding[] = []
  let more = 0
  return {
    add: (where, what) => {
      if (found.length < limit) found.push({ what, where })
      else more += 1
    },
    list: () => (more === 0 ? found : [...found, { what: `${more} more things are wrong`, where: 'the log' }]),
  }
}
