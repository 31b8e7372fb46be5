import type { Transaction } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import type { PointsLot, PointsMove } from '../points-move.ts'
import type { LotPart } from '../take-points.ts'

/** A move with its record, which is its lot's too. */
export type MoveToKeep = Omit<PointsMove, 'parts'> & {
  readonly parts: readonly Omit<LotPart, 'asset'>[]
  readonly record: { readonly id: Id<'rec'> }
}

/** Stores moves, the lots that they earn, and what they take out of lots; any number in three statements. */
export async function insertMoves(tx: Transaction, moves: readonly MoveToKeep[]): Promise<void> {
  if (moves.length === 0) return
  const lots = moves.flatMap(({ cause, record }) => (cause.kind === 'EARNED' ? [lotRow(cause.lot, record.id)] : []))
  if (lots.length > 0) {
    await tx`
      insert into points_lots (id, account_id, no, points, asset, money, earned_at, expires_at, programme_id, agreement_id,
        terms_id, rule_place, contribution_id, beneficiary, record_id)
      select r.id, r.account_id, r.no, r.points, r.asset, r.money, r.earned_at, r.expires_at, r.programme_id,
        r.agreement_id, r.terms_id, r.rule_place, r.contribution_id, r.beneficiary, r.record_id
      from jsonb_to_recordset(${JSON.stringify(lots)}::jsonb) as r (id uuid, account_id uuid, no integer, points numeric,
        asset text, money numeric, earned_at timestamptz, expires_at timestamptz, programme_id uuid, agreement_id uuid,
        terms_id uuid, rule_place smallint, contribution_id uuid, beneficiary text, record_id uuid)`
  }
  await tx`
    insert into points_moves (id, account_id, kind, points, at, lot_id, reward_code, reward_version, reason, record_id)
    select r.id, r.account_id, r.kind, r.points, r.at, r.lot_id, r.reward_code, r.reward_version, r.reason, r.record_id
    from jsonb_to_recordset(${JSON.stringify(moves.map(moveRow))}::jsonb) as r (id uuid, account_id uuid, kind text,
      points numeric, at timestamptz, lot_id uuid, reward_code text, reward_version integer, reason text, record_id uuid)`
  const parts = moves.flatMap(({ id, parts: taken }) => taken.map((part) => partRow(id, part)))
  if (parts.length === 0) return
  await tx`
    insert into points_parts (move_id, lot_id, points, money)
    select r.move_id, r.lot_id, r.points, r.money
    from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb) as r (move_id uuid, lot_id uuid, points numeric, money numeric)`
}

function lotRow(lot: PointsLot, record: Id<'rec'>): object {
  return {
    id: uuidOf(lot.id),
    account_id: uuidOf(lot.account),
    no: lot.no,
    points: String(lot.points),
    asset: lot.asset,
    money: String(lot.money),
    earned_at: lot.earnedAt.toISOString(),
    expires_at: lot.expiresAt.toISOString(),
    programme_id: uuidOf(lot.programme),
    agreement_id: uuidOf(lot.agreement),
    terms_id: uuidOf(lot.terms),
    rule_place: lot.place,
    contribution_id: uuidOf(lot.contribution),
    beneficiary: lot.beneficiary,
    record_id: uuidOf(record),
  }
}

function moveRow({ id, account, points, at, cause, record }: MoveToKeep): object {
  const lot = cause.kind === 'REDEEMED' ? undefined : cause.kind === 'EARNED' ? cause.lot.id : cause.lot
  return {
    id: uuidOf(id),
    account_id: uuidOf(account),
    kind: cause.kind,
    points: String(points),
    at: at.toISOString(),
    lot_id: lot && uuidOf(lot),
    ...(cause.kind === 'REDEEMED' ? { reward_code: cause.reward.code, reward_version: cause.reward.version } : {}),
    ...(cause.kind === 'REVERSED' ? { reason: cause.reason } : {}),
    record_id: uuidOf(record.id),
  }
}

function partRow(move: Id<'ptm'>, { lot, points, money }: Omit<LotPart, 'asset'>): object {
  return { move_id: uuidOf(move), lot_id: uuidOf(lot), points: String(points), money: String(money) }
}
