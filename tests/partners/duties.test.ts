import { describe, expect, it } from 'vitest'
import { type Duties, dutiesOf, PARTNER_DUTIES } from '../../partners/duties.ts'
import { PARTNER_STATUSES, type PartnerStatus } from '../../partners/partner.ts'
import { mayBecome, PARTNER_TRANSITIONS } from '../../partners/transitions.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()

describe('status and duty', () => {
  it('the database says the same of every status as the code does', async () => {
    const rows = await world.owner<
      ({ status: string } & Record<string, boolean>)[]
    >`select * from partner_status_duties`
    const inDatabase = Object.fromEntries(rows.map(({ status, ...duties }) => [status, camelCased(duties)]))
    expect(inDatabase).toEqual(PARTNER_DUTIES)
  })

  it('the database knows exactly the statuses of the code', async () => {
    const rows = await world.owner<{ status: string }[]>`select status from partner_status_duties`
    expect(rows.map(({ status }) => status).sort()).toEqual([...PARTNER_STATUSES].sort())
  })

  it('the application cannot change what a status entails', async () => {
    const reads = world.context.database.reads
    await expect(reads`update partner_status_duties set pays = true`).rejects.toThrow(/permission denied/)
    await expect(
      reads`insert into partner_status_duties select 'OTHER', true, true, true, true, true, true, true, true`,
    ).rejects.toThrow(/permission denied/)
  })

  it('a suspended partner is disclosed nothing, gets no consent, reports nothing, earns nothing and is not paid', () => {
    expect(dutiesOf('SUSPENDED')).toEqual({ ...allFalse(), webhooks: true })
  })

  it('only a live partner is disclosed real customers', () => {
    const real = PARTNER_STATUSES.filter((status) => dutiesOf(status).discloses && !dutiesOf(status).syntheticOnly)
    expect(real).toEqual(['LIVE'])
  })

  it('whoever reports or is disclosed to can have tokens', () => {
    for (const status of PARTNER_STATUSES) {
      const { discloses, reports, tokens } = dutiesOf(status)
      if (discloses || reports) expect(tokens).toBe(true)
    }
  })
})

describe('transitions', () => {
  it('go from APPLIED by way of LIVE to CLOSED', () => {
    const way: readonly PartnerStatus[] = [
      'APPLIED',
      'ASSESSING',
      'SANDBOX',
      'LIVE',
      'SUSPENDED',
      'LIVE',
      'OFFBOARDING',
      'CLOSED',
    ]
    way.slice(1).forEach((to, index) => {
      const from = way[index]
      expect(from !== undefined && mayBecome(from, to), `${from} to ${to}`).toBe(true)
    })
  })

  it('lead nowhere from CLOSED and REJECTED', () => {
    expect(PARTNER_TRANSITIONS.CLOSED).toEqual([])
    expect(PARTNER_TRANSITIONS.REJECTED).toEqual([])
  })

  it('never lead from a status to itself', () => {
    for (const status of PARTNER_STATUSES) expect(mayBecome(status, status)).toBe(false)
  })

  it('reach LIVE only from SANDBOX and SUSPENDED', () => {
    expect(PARTNER_STATUSES.filter((status) => mayBecome(status, 'LIVE'))).toEqual(['SANDBOX', 'SUSPENDED'])
  })
})

function camelCased(duties: Readonly<Record<string, boolean>>): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(duties).map(([duty, value]) => [duty === 'synthetic_only' ? 'syntheticOnly' : duty, value]),
  )
}

function allFalse(): Duties {
  return dutiesOf('CLOSED')
}
