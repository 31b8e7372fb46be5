/** Something in the log that is not as it was. */
export type Finding = { readonly what: string; readonly where: string }

/** Findings so far. Beyond the limit they are only counted, so that a log which is wrong throughout fits in memory. */
export type Findings = {
  readonly add: (where: string, what: string) => void
  /** Takes over what was found elsewhere. */
  readonly take: (others: FoundSome) => void
  readonly some: () => FoundSome
  readonly list: () => readonly Finding[]
}

/** The first findings, and how many more there were. */
export type FoundSome = { readonly first: readonly Finding[]; readonly more: number }

/** Begins a list of findings. */
export function findings(limit = 1000): Findings {
  const found: Finding[] = []
  let more = 0
  const keep = (finding: Finding): void => {
    if (found.length < limit) found.push(finding)
    else more += 1
  }
  return {
    add: (where, what) => keep({ what, where }),
    take: (others) => {
      others.first.forEach(keep)
      more += others.more
    },
    some: () => ({ first: found, more }),
    list: () => (more === 0 ? found : [...found, { what: `${more} more things are wrong`, where: 'the log' }]),
  }
}
