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
  countChanged,
  type Facet,
  insertCohort,
  prolongCohort,
  selectCandidates,
  selectCohort,
} from './store/cohorts.ts'

const COARSE = ['band', 'flag'] as const

/**
 * The cohort that counts now, under the lock of its counting. When its time is over a new one takes its place, unless only a
 * few came or went since: then those few could be told from the difference of the two, and the old one goes on.
 */
export async function currentCohort(context: Context, tx: Transaction, place: CohortPlace): Promise<Cohort> {
  const known = await selectCohort(tx, place)
  if (known !== undefined && !known.isOver) return known
  await freeze(context, tx, place, known)
  const cohort = await selectCohort(tx, place)
  invariant(cohort, 'a cohort that was frozen is there')
  return cohort
}

async function freeze(context: Context, tx: Transaction, place: CohortPlace, known: Cohort | undefined): Promise<void> {
  const { candidates, definitions, keys } = await selectCandidates(tx, place)
  if (known !== undefined) {
    const changed = await countChanged(tx, known.id, candidates)
    if (changed > 0 && changed < LEAST_PERSONS) return prolongCohort(tx, known.id, COHORT_DAYS)
  }
  const masks = masksOf(definitions)
  const open = openerOf(context, keys)
  const sets = new Map<string, Facet>()
  candidates.forEach((candidate, at) => {
    for (const told of coarseValues(masks, open, candidate)) {
      const name = JSON.stringify([told.tag, told.granularity, told.value])
      const facet = sets.get(name) ?? { ...told, members: noMembers(candidates.length) }
      sets.set(name, facet)
      addMember(facet.members, at)
    }
  })
  await insertCohort(tx, place, {
    id: randomUUID(),
    members: candidates,
    facets: [...sets.values()],
    days: COHORT_DAYS,
  })
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

/** The members of a cohort in these places. */
export function membersAt(places: readonly number[], size: number): MemberSet {
  const set = noMembers(size)
  for (const place of places) addMember(set, place)
  return set
}
