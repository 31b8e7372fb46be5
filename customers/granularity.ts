/** How finely a tag may be shared: its value, the band that the value falls in, or whether it meets a condition. */
export const GRANULARITIES = ['exact', 'band', 'flag'] as const
export type Granularity = (typeof GRANULARITIES)[number]

/** A tag at a granularity, as consents and disclosures name it. */
export type SharedTag = { readonly key: string; readonly granularity: Granularity }

/** Written as `key:granularity`. */
export function writeSharedTag({ key, granularity }: SharedTag): string {
  return `${key}:${granularity}`
}

/** Reads what {@link writeSharedTag} wrote; nothing for any other text. */
export function readSharedTag(text: string): SharedTag | undefined {
  const [key, granularity, ...rest] = text.split(':')
  const known = GRANULARITIES.find((one) => one === granularity)
  return key && known && rest.length === 0 ? { key, granularity: known } : undefined
}
