import type { NewRecord } from '../../records/append-records.ts'
import type { RecordData } from '../../records/record-body.ts'
import type { PointsAccount } from './points-account.ts'
import type { MoveCause, PointsLot, PointsMove } from './points-move.ts'

/** The record that opens an account. Whose it is is personal: nothing else in the log says it. */
export function accountRecord({ id, holder }: PointsAccount): NewRecord {
  const data = { event: 'ACCOUNT_OPENED', account: id }
  return 'customer' in holder
    ? { kind: 'points', data, personal: { customer: holder.customer, data: { account: id } } }
    : { kind: 'points', data: { ...data, partner: holder.partner }, partner: holder.partner }
}

/** The record of a move; it names the account alone. A partner may have those of its own account. */
export function moveRecord(
  { id, account, points, at, cause, parts }: PointsMove,
  { holder }: PointsAccount,
): NewRecord {
  const data = {
    event: cause.kind,
    move: id,
    account,
    points,
    at: at.toISOString(),
    ...aboutOf(cause),
    parts: parts.map(({ lot, points: taken, money }) => ({ lot, points: taken, money })),
  }
  return { kind: 'points', data, ...('partner' in holder ? { partner: holder.partner } : {}) }
}

function aboutOf(cause: MoveCause): RecordData {
  switch (cause.kind) {
    case 'EARNED':
      return { lot: cause.lot.id, earned: lotData(cause.lot) }
    case 'REDEEMED':
      return { reward: { code: cause.reward.code, version: BigInt(cause.reward.version) } }
    case 'EXPIRED':
      return { lot: cause.lot }
    case 'REVERSED':
      return { lot: cause.lot, reason: cause.reason }
  }
}

function lotData({
  id: _,
  account: __,
  no,
  place,
  earnedAt,
  expiresAt,
  ...lot
}: PointsLot): NonNullable<RecordData[string]> {
  return {
    ...lot,
    no: BigInt(no),
    place: BigInt(place),
    earnedAt: earnedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }
}
