import type { ViewedTag } from '../customer-view.ts'
import { readSharedTag } from '../granularity.ts'
import { type Band, type Flag, type Mask, maskOf } from '../masking.ts'
import type { TagType } from '../tag-value.ts'
import type { OpenedValue } from './kept-values.ts'

/** What the statement returns of the definitions that it needs for masking, by key. */
export type MaskDefinitions = Readonly<Record<string, MaskDefinition>>

type MaskDefinition = {
  readonly type: TagType
  readonly values: readonly string[] | null
  readonly bands: readonly Band[] | null
  readonly flag: Flag | null
}

export type Masks = ReadonlyMap<string, Mask>

const exact: Mask = maskOf({ type: 'TEXT' })

/** The masks of one statement's answers, each prepared once. */
export function masksOf(definitions: MaskDefinitions | null | undefined): Masks {
  return new Map(
    Object.entries(definitions ?? {}).map(([key, { type, values, bands, flag }]) => [
      key,
      maskOf({ type, values: values ?? undefined, bands: bands ?? undefined, flag: flag ?? undefined }),
    ]),
  )
}

/** The tags of one answer, masked: those that were asked, in that order, or all there are. */
export function viewTags(
  masks: Masks,
  tags: Readonly<Record<string, OpenedValue>> | null,
  asked: readonly string[] | undefined,
): readonly ViewedTag[] {
  const viewed = Object.entries(tags ?? {}).map(([name, opened]) => viewTag(masks, name, opened))
  if (!asked) return viewed
  const known = new Map(
    viewed.flatMap((tag) => [[tag.key, tag] as const, [`${tag.key}:${tag.granularity}`, tag] as const]),
  )
  return asked.map((name) => known.get(name) ?? nothing(name))
}

function viewTag(masks: Masks, name: string, { value, supply }: OpenedValue): ViewedTag {
  const shared = readSharedTag(name)
  if (!shared) return nothing(name)
  const { key, granularity } = shared
  const masked = (masks.get(key) ?? exact)(granularity, value)
  if (masked === undefined) return nothing(name)
  return { key, granularity, value: masked, ...(supply && { supply }) }
}

function nothing(name: string): ViewedTag {
  return { key: name.split(':')[0] ?? name, granularity: null, value: null }
}
