import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { closeIncident } from '../../../customers/incidents/close-incident.ts'
import { containIncident } from '../../../customers/incidents/contain-incident.ts'
import { timelineOf } from '../../../customers/incidents/find-incident.ts'
import { incidentStatus, tellingOf } from '../../../customers/incidents/incident-status.ts'
import { notifyIncident } from '../../../customers/incidents/notify-incident.ts'
import { type OpenIncidentInput, openIncident } from '../../../customers/incidents/open-incident.ts'
import { incidentProjector } from '../../../customers/incidents/project-incidents.ts'
import { rescopeIncident } from '../../../customers/incidents/rescope-incident.ts'
import type { Context } from '../../../database/context.ts'
import { createPartner } from '../../../partners/create-partner.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { partnerContainment } from '../../../schema/containment.ts'
import { behindGuards } from '../../support/behind-guards.ts'
import { useWorld } from '../../support/database.ts'
import { discloseTo } from '../alarms/reads.ts'
import { defineCatalogue, liveParty, type Party } from '../factories.ts'

const world = useWorld()
let party: Party
let keys = 0
const key = (): string => `key-${++keys}`
const ago = (hours: number): Date => new Date(Date.now() - hours * 3_600_000)

beforeAll(() => defineCatalogue(world.context))

beforeEach(async () => {
  world.clock.set(new Date().toISOString())
  party = await liveParty(world.context)
})

function ann(): Context {
  return { ...world.context, actor: 'staff:ann' }
}

async function opened(more: Partial<OpenIncidentInput> = {}) {
  const base = { title: 'a lost key', partners: [party.partner.code], from: ago(6), idempotencyKey: key() }
  return openIncident(ann(), { ...base, ...more })
}

describe('an incident', () => {
  test('has its level by the different customers whom it touches', async () => {
    await discloseTo(world.owner, party, { hoursAgo: 2, from: 0, to: 9999 })
    await discloseTo(world.owner, party, { hoursAgo: 1, from: 0, to: 50 })
    await discloseTo(world.owner, party, { hoursAgo: 1, from: 0, to: 7000, outcome: 'nothing' })
    await discloseTo(world.owner, party, { hoursAgo: 30, from: 20_000, to: 20_010 })
    const incident = await opened()
    expect(incident).toMatchObject({ level: 'GENERAL', customers: 9999, disclosures: 10_049, openedBy: 'staff:ann' })
    await discloseTo(world.owner, party, { hoursAgo: 1, from: 9999, to: 10_000 })
    const again = await rescopeIncident(ann(), { incident: incident.id, idempotencyKey: key() })
    expect(again).toMatchObject({ level: 'SERIOUS', customers: 10_000, version: 2 })
    const wider = await rescopeIncident(ann(), { incident: incident.id, from: ago(40), idempotencyKey: key() })
    expect(wider).toMatchObject({ customers: 10_010 })
    const other = await rescopeIncident(ann(), {
      incident: incident.id,
      clients: ['cli_'.padEnd(36, '0')],
      idempotencyKey: key(),
    })
    expect(other).toMatchObject({ level: 'GENERAL', customers: 0, scope: { partners: [party.partner.id] } })
  })

  test('is above 100,000 customers a major one', { timeout: 30_000 }, async () => {
    await discloseTo(world.owner, party, { hoursAgo: 1, from: 0, to: 100_000 })
    expect(await opened()).toMatchObject({ level: 'SERIOUS', customers: 100_000 })
    await discloseTo(world.owner, party, { hoursAgo: 1, from: 100_000, to: 100_001 })
    expect(await opened()).toMatchObject({ level: 'MAJOR', customers: 100_001 })
  })

  test('is opened once for a key, by a person, for partners that there are and a time that is one', async () => {
    const input = { title: 't', partners: [party.partner.id], from: ago(1), idempotencyKey: key() }
    const first = await openIncident(ann(), input)
    expect((await openIncident(ann(), input)).id).toBe(first.id)
    const refused = [
      [{ ...input, title: 'other' }, 'IDEMPOTENCY_CONFLICT', 'idempotencyKey'],
      [{ ...input, partners: ['nobody'] }, 'NOT_FOUND', 'partners'],
      [{ ...input, partners: [] }, 'INVALID_INPUT', 'partners'],
      [{ ...input, from: undefined }, 'INVALID_INPUT', 'from'],
      [{ ...input, from: ago(-1) }, 'INVALID_INPUT', 'to'],
      [{ ...input, discoveredAt: ago(-1) }, 'INVALID_INPUT', 'discoveredAt'],
      [{ ...input, alert: `alr_${'0'.repeat(32)}` }, 'NOT_FOUND', 'alert'],
      [{ ...input, title: 'a\nb' }, 'INVALID_INPUT', 'title'],
      [{ ...input, consents: ['cns_1'] }, 'INVALID_INPUT', 'consents.0'],
    ] as const
    for (const [wrong, code, field] of refused) {
      await expect(openIncident(ann(), wrong as OpenIncidentInput)).rejects.toMatchObject({ code, field })
    }
    await expect(openIncident(world.context, input)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test('is overdue where nobody was told in time, and no longer once somebody was', async () => {
    await discloseTo(world.owner, party, { hoursAgo: 2, from: 0, to: 10_000 })
    const incident = await opened({ discoveredAt: ago(3) })
    const now = (): Date => world.context.clock.now()
    expect(tellingOf(incident, now()).overdue).toEqual(['REGULATOR'])
    const overdue = async () =>
      (await incidentStatus(world.context)).overdue.filter((each) => each.incident === incident.id)
    expect(await overdue()).toEqual([{ incident: incident.id, audience: 'REGULATOR' }])
    const telling = { incident: incident.id, audience: 'REGULATOR', to: 'the bureau', reference: 'F-1' } as const
    for (const toldAt of [ago(4), ago(-1)]) {
      await expect(notifyIncident(ann(), { ...telling, toldAt, idempotencyKey: key() })).rejects.toMatchObject({
        field: 'toldAt',
      })
    }
    const toldAt = ago(2)
    await notifyIncident(ann(), { ...telling, toldAt, idempotencyKey: key() })
    expect(await notifyIncident(ann(), { ...telling, idempotencyKey: key() })).toMatchObject({
      regulatorToldAt: toldAt,
    })
    expect(await overdue()).toEqual([])
    world.clock.set(ago(-22).toISOString())
    expect(await overdue()).toEqual([{ incident: incident.id, audience: 'CUSTOMERS' }])
  })

  test('is closed with a report when everybody was told and nothing is under way, and changes no more', async () => {
    await discloseTo(world.owner, party, { hoursAgo: 2, from: 0, to: 10 })
    const { id: incident } = await opened()
    const closing = { incident, report: 'A key was lost.\nIt was revoked.', idempotencyKey: key() }
    await expect(closeIncident(ann(), closing)).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringContaining('the regulator was not told; its customers were not told'),
    })
    await containIncident(
      ann(),
      { incident, measures: ['ROTATE_KEYS'], reason: 'lost', idempotencyKey: key() },
      partnerContainment,
    )
    const notTold = 'nothing could be read of what was taken'
    await expect(closeIncident(ann(), { ...closing, notTold })).rejects.toMatchObject({
      message: expect.stringContaining('ROTATE_KEYS under way'),
    })
    const { id: quiet } = await opened()
    const closed = await closeIncident(ann(), { ...closing, incident: quiet, notTold, idempotencyKey: key() })
    expect(closed).toMatchObject({ status: 'CLOSED', closed: { by: 'staff:ann', report: closing.report, notTold } })
    await expect(rescopeIncident(ann(), { incident: quiet, idempotencyKey: key() })).rejects.toMatchObject({
      code: 'WRONG_STATE',
    })
    await expect(
      world.context.database.transaction((tx) => tx`update incidents set level = 'MAJOR' where status = 'CLOSED'`),
    ).rejects.toThrow(/has ended/)
  })

  test('has a timeline, and is a projection of records that name no customer', async () => {
    await discloseTo(world.owner, party, { hoursAgo: 2, from: 0, to: 10 })
    const { id: incident } = await opened()
    const measures = ['SUSPEND_PARTNERS', 'REVOKE_CLIENTS'] as const
    const contained = await containIncident(
      ann(),
      { incident, measures: [...measures], reason: 'lost', idempotencyKey: key() },
      partnerContainment,
    )
    expect(contained).toMatchObject({ measures, measuresLeft: [], containedAt: expect.any(Date) })
    for (const audience of ['REGULATOR', 'CUSTOMERS', 'PARTNER'] as const) {
      await notifyIncident(ann(), { incident, audience, to: 'an office', idempotencyKey: key() })
    }
    await closeIncident(ann(), { incident, report: 'r', idempotencyKey: key() })
    const timeline = await timelineOf(world.context, incident)
    expect(
      timeline.map(({ event, detail }) => [event, detail['count'] ?? detail['audience'] ?? detail['customers']]),
    ).toEqual([
      ...[
        ['OPENED', '10'],
        ['CONTAINING', undefined],
        ['STEP_DONE', '1'],
        ['STEP_DONE', '1'],
      ],
      ...[
        ['NOTIFIED', 'REGULATOR'],
        ['NOTIFIED', 'CUSTOMERS'],
        ['NOTIFIED', 'PARTNER'],
        ['CLOSED', undefined],
      ],
    ])
    const verify = () => verifyProjections(world.context, { projectors: [incidentProjector] })
    expect(await verify()).toEqual([])
    const bodies = await world.owner<{ body: string }[]>`select body from records where kind = 'incident'`
    expect(bodies.some(({ body }) => /cus_|subject/.test(body))).toBe(false)
    await behindGuards(world.owner, 'update incidents set customers = 0, level = level')
    expect((await verify()).map(({ what }) => what)).toContain('its customers is not what its records say')
  })

  test('contains no partner that is not live, but ends its clients', async () => {
    const sandbox = await createPartner(world.context, { code: 'still-trying', name: 'T', kind: 'BANK' })
    const { id: incident } = await opened({ partners: [sandbox.id] })
    const measures = ['SUSPEND_PARTNERS', 'REVOKE_CLIENTS'] as const
    const input = { incident, measures: [...measures], reason: 'lost', idempotencyKey: key() }
    await containIncident(ann(), input, partnerContainment)
    await containIncident(ann(), { ...input, idempotencyKey: key() }, partnerContainment)
    const timeline = await timelineOf(world.context, incident)
    expect(timeline.map(({ detail }) => detail['count'] ?? null)).toEqual([null, null, '0', '0', null, '0', '0'])
  })
})
