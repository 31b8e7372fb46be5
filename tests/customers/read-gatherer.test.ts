import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CustomerView } from '../../customers/customer-view.ts'
import { createReadGatherer } from '../../customers/read-gatherer.ts'
import type { Ask } from '../../customers/tag-read.ts'
import { newId } from '../../kernel/ids.ts'
import { useWorld } from '../support/database.ts'
import { customer, defineCatalogue, disclosuresOf, grant, liveParty, read, valuesOf } from './factories.ts'

const world = useWorld()

beforeAll(async () => {
  await defineCatalogue(world.context)
})

function ask(subject: string): Ask {
  return { subject, purpose: 'CREDIT', partner: newId('ptr'), client: newId('cli'), requestId: 'r' }
}

function viewOf({ subject, purpose }: Ask): CustomerView {
  return { subject, purpose, consentId: newId('cns'), expiresAt: new Date(), tags: [] }
}

/** A gatherer whose work takes a while, and the sizes of its batches. */
function slowGatherer() {
  const sizes: number[] = []
  let most = 0
  let running = 0
  const gatherer = createReadGatherer(async (asks) => {
    sizes.push(asks.length)
    most = Math.max(most, ++running)
    await wait(5)
    running--
    return asks.map(viewOf)
  })
  return { gatherer, sizes, most: () => most }
}

describe('a gatherer', () => {
  it('gives what was asked in one turn of the event loop to one statement', async () => {
    const { gatherer, sizes } = slowGatherer()
    await Promise.all(Array.from({ length: 50 }, (_, index) => gatherer.ask([ask(`s${index}`)])))
    expect(sizes).toEqual([50])
  })

  it('lets the next batch form while two run, and none grow beyond its bound', async () => {
    const { gatherer, sizes, most } = slowGatherer()
    const asked = Array.from({ length: 700 }, async (_, index) => {
      await wait(index % 7)
      return gatherer.ask([ask(`s${index}`)])
    })
    const views = await Promise.all(asked)
    expect(views.map(([view]) => view?.subject)).toEqual(Array.from({ length: 700 }, (_, index) => `s${index}`))
    expect(Math.max(...sizes)).toBeLessThanOrEqual(128)
    expect(sizes.length).toBeLessThan(100)
    expect(most()).toBe(2)
  })

  it('keeps the order of a call that is larger than a batch', async () => {
    const { gatherer, sizes } = slowGatherer()
    const subjects = Array.from({ length: 300 }, (_, index) => `s${index}`)
    const views = await gatherer.ask(subjects.map(ask))
    expect(views.map((view) => view?.subject)).toEqual(subjects)
    expect(sizes).toEqual([128, 128, 44])
  })

  it('never gives an ask to work that began before it was made', async () => {
    let begun = 0
    const gatherer = createReadGatherer(async (asks) => {
      const own = ++begun
      await wait(5)
      return asks.map((one) => ({ ...viewOf(one), subject: String(own) }))
    })
    const asked = Array.from({ length: 100 }, async (_, index) => {
      await wait(index)
      const before = begun
      const [view] = await gatherer.ask([ask('s')])
      expect(Number(view?.subject)).toBeGreaterThan(before)
    })
    await Promise.all(asked)
  })

  it('fails those whose work failed, and goes on with the next', async () => {
    let failing = true
    const gatherer = createReadGatherer(async (asks) => {
      if (failing) throw new Error('the disk is full')
      return asks.map(viewOf)
    })
    const failed = await Promise.allSettled([gatherer.ask([ask('a')]), gatherer.ask([ask('b')])])
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    failing = false
    expect(await gatherer.ask([ask('c')])).toEqual([expect.objectContaining({ subject: 'c' })])
  })

  it('refuses more than may wait', async () => {
    const { gatherer } = slowGatherer()
    const asks = Array.from({ length: 20_001 }, () => ask('s'))
    await expect(gatherer.ask(asks)).rejects.toMatchObject({ code: 'THROTTLED' })
  })
})

describe('reads of several partners at once', () => {
  it('share statements, and neither answers nor disclosures mix', async () => {
    const { context, owner } = world
    const parties = await Promise.all([liveParty(context), liveParty(context), liveParty(context)])
    const consents = await Promise.all(
      parties.map(async (party, index) => grant(context, party, await customer(owner, { age: String(30 + index) }))),
    )
    const asked = Array.from({ length: 180 }, (_, index) => {
      const party = parties[index % 3]
      const consent = consents[Math.floor(index / 3) % 3]
      if (!party || !consent) throw new Error('there are three of each')
      return read(context, party, consent).then((view) => ({
        own: party.partner.id === consent.partnerId,
        view,
        consent,
      }))
    })
    for (const { own, view, consent } of await Promise.all(asked)) {
      expect(valuesOf(view)).toEqual(own ? { age: String(30 + consents.indexOf(consent)) } : null)
    }
    for (const consent of consents) {
      const kept = await disclosuresOf(owner, consent.subject)
      const outcomes = kept.map(({ partner_id, outcome }) => [String(partner_id).replaceAll('-', ''), outcome])
      const expected = parties.flatMap(({ partner }) => {
        const outcome = partner.id === consent.partnerId ? 'disclosed' : 'nothing'
        return Array.from({ length: 20 }, () => [partner.id.slice(4), outcome])
      })
      expect(outcomes.toSorted()).toEqual(expected.toSorted())
    }
  })
})
