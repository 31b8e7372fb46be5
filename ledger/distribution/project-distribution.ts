import type { Transaction } from '../../database/client.ts'
import { invariant } from '../../kernel/invariant.ts'
import { parseRecordData } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { addressEvent, claimEvent, plannedRound, roundMove } from './payout-records.ts'
import type { Round } from './round.ts'
import { insertAddress, selectAddress, verifyAddress } from './store/addresses.ts'
import { claimExists, countClaims, insertClaims, isGivenOut, markClaimed, releaseClaims } from './store/claims.ts'
import { findRound, insertRound, updateRound } from './store/rounds.ts'

/** Payout addresses, rounds and claims out of the log. What was signed and sent is in no record, nor how far was looked. */
export const distributionProjector: Projector = {
  kinds: ['payout_address', 'payout_round', 'payout_claim'],
  tables: [
    { name: 'payout_addresses', key: ['id'] },
    { name: 'payout_rounds', key: ['id'], free: ['seen_block'] },
    { name: 'payout_claims', key: ['round_id', 'index'] },
  ],
  project: projectEach(projectOne),
}

function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  switch (body.kind) {
    case 'payout_address':
      return projectAddress(tx, body)
    case 'payout_round':
      return projectRound(tx, body)
    default:
      invariant(body.kind === 'payout_claim', `a record of kind ${body.kind} is none of payouts`)
      return projectClaim(tx, body)
  }
}

async function projectAddress(tx: Transaction, body: RecordBody): Promise<boolean> {
  const { event, address: id, partner, account } = parseRecordData(addressEvent, body)
  const record = { id: body.id, at: new Date(body.at) }
  if (event === 'PROPOSED') {
    await insertAddress(tx, { id, partner, account, by: body.actor, record })
    return true
  }
  if ((await selectAddress(tx, id)) === undefined) return false
  await verifyAddress(tx, { id, by: body.actor, record })
  return true
}

async function projectRound(tx: Transaction, body: RecordBody): Promise<boolean> {
  const record = { id: body.id, at: new Date(body.at) }
  if (body.data['event'] === 'PLANNED') {
    const { event: _, round: id, ...planned } = parseRecordData(plannedRound, body)
    const open = { approvedBy: undefined, approvedAt: undefined }
    const round: Round = {
      ...{ id, ...planned, status: 'PLANNED', plannedBy: body.actor, plannedAt: record.at, ...open },
    }
    await insertRound(tx, round, record.id)
    return true
  }
  const { event: to, round: id, from } = parseRecordData(roundMove, body)
  const round = await findRound(tx, id)
  if (round?.status !== from || (await countClaims(tx, id)) < round.claims) return false
  if (to === 'CANCELLED') await releaseClaims(tx, id)
  await updateRound(tx, id, { status: to, record, ...(to === 'APPROVED' ? { approvedBy: body.actor } : {}) })
  return true
}

async function projectClaim(tx: Transaction, body: RecordBody): Promise<boolean> {
  const data = parseRecordData(claimEvent, body)
  const { round, index, statement } = data
  switch (data.event) {
    case 'PLANNED': {
      // the round, and the end of the round before it that gave out the same statement
      if ((await findRound(tx, round)) === undefined || (await isGivenOut(tx, statement))) return false
      invariant(body.partner, 'a claim is the record of its partner')
      const open = { claimedAt: undefined, claimedTx: undefined, returnedAt: undefined }
      const { account, amount, salt, proof } = data
      await insertClaims(tx, [
        { ...{ round, index, statement, partner: body.partner }, ...{ account, amount, salt, proof }, ...open },
      ])
      return true
    }
    case 'CLAIMED':
      if (!(await claimExists(tx, { round, index }))) return false
      await markClaimed(tx, round, [{ index, tx: data.transaction, at: data.at }])
      return true
    default:
      if (!(await claimExists(tx, { round, index }))) return false
      await releaseClaims(tx, round, { index, returnedAt: data.at })
      return true
  }
}
