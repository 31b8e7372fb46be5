import { randomUUID } from 'node:crypto'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { idOf } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { readSharedTag } from '../granularity.ts'
import { openerOf, openTags } from '../store/kept-values.ts'
import { masksOf } from '../store/masked-tags.ts'
import { COHORT_DAYS } from './audience.ts'
import { LEAST_PERSONS } from './may-tell.ts'
import { addMember, type MemberSet, noMembers } from './member-set.ts'
import {
  type Candidate,
  type Cohort,
  type CohortPlace,
  type Facet,
  insertCohort,
  placesOf,
  selectCandidates,
  selectCohort,
} from './store/cohorts.ts'

const COARSE = ['band', 'flag'] as const

/**
 * The cohort that counts now, under the lock of its counting. When its time is over a new one takes its place; so it does while
 * it is too small for any number to have been told of it.
 */
export async function currentCohort(context: Context, tx: Transaction, place: CohortPlace): Promise<Cohort> {
  const known = await selectCohort(tx, place)
  if (known !== undefined && !known.isOver && known.members >= LEAST_PERSONS) return known
  await freeze(context, tx, place)
  const cohort = await selectCohort(tx, place)
  invariant(cohort, 'a cohort that was frozen is there')
  return cohort
}

async function freeze(context: Context, tx: Transaction, place: CohortPlace): Promise<void> {
  const { candidates: members, definitions, keys } = await selectCandidates(tx, place)
  const { places, all } = await placesOf(tx, place, members)
  const masks = masksOf(definitions)
  const open = openerOf(context, keys)
  const facets = new Map<string, Facet>()
  members.forEach((candidate, index) => {
    for (const told of coarseValues(masks, open, candidate)) {
      const name = JSON.stringify([told.tag, told.granularity, told.value])
      const facet = facets.get(name) ?? { ...told, members: noMembers(all) }
      facets.set(name, facet)
      addMember(facet.members, places[index] ?? 0)
    }
  })
  const id = randomUUID()
  await insertCohort(tx, place, { id, members, places, all, facets: [...facets.values()], days: COHORT_DAYS })
}

/** What a consent lets be told of a customer coarsely: what it says, and of what it lets be known exactly, both. */
function* coarseValues(
  masks: ReturnType<typeof masksOf>,
  open: ReturnType<typeof openerOf>,
  { customer, tags }: Candidate,
): Generator<Omit<Facet, 'members'>> {
  for (const [name, { value }] of Object.entries(openTags(open, idOf('cus', customer), tags) ?? {})) {
    const shared = readSharedTag(name)
    if (shared === undefined) continue
    for (const granularity of COARSE) {
      if (shared.granularity !== 'exact' && shared.granularity !== granularity) continue
      const masked = masks.get(shared.key)?.(granularity, value)
      if (masked !== undefined) yield { tag: shared.key, granularity, value: masked }
    }
  }
}

/** The set of members in these places. */
export function membersAt(places: readonly number[], all: number): MemberSet {
  const set = noMembers(all)
  for (const place of places) addMember(set, place)
  return set
}
