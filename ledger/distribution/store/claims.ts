import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Claim } from '../round.ts'
import { digitsOf, hashesOf, hexOf } from './hex.ts'

type Row = {
  readonly round_id: string
  readonly index: number
  readonly statement_id: string
  readonly partner_id: string
  readonly account: string
  readonly amount: string
  readonly salt: Buffer
  readonly proof: Buffer
  readonly claimed_at: Date | null
  readonly claimed_tx: string | null
  readonly returned_at: Date | null
}

export async function insertClaims(tx: Transaction, claims: readonly Claim[]): Promise<void> {
  await tx`
    insert into payout_claims (round_id, index, statement_id, partner_id, account, amount, salt, proof)
    select round_id, index, statement_id, partner_id, account, amount, decode(salt, 'hex'), decode(proof, 'hex')
    from unnest(
      ${claims.map(({ round }) => uuidOf(round))}::uuid[], ${claims.map(({ index }) => index)}::integer[],
      ${claims.map(({ statement }) => uuidOf(statement))}::uuid[], ${claims.map(({ partner }) => uuidOf(partner))}::uuid[],
      ${claims.map(({ account }) => account)}::text[], ${claims.map(({ amount }) => String(amount))}::text[]::numeric[],
      ${claims.map(({ salt }) => digitsOf(salt))}::text[],
      ${claims.map(({ proof }) => proof.map(digitsOf).join(''))}::text[]
    ) as c (round_id, index, statement_id, partner_id, account, amount, salt, proof)`
}

/** A claim with what its entries in the journal need. */
export type ClaimToPost = Claim & {
  readonly partnerCode: string
  readonly statementNumber: string
  /** The statement's tax as far as the journal does not have it yet, whoever paid a part of it. */
  readonly vat: bigint
  readonly withholding: bigint
}

/** All claims of a round, in order of their indexes. */
export async function selectClaimsToPost(sql: Reader, round: Id<'pyr'>): Promise<readonly ClaimToPost[]> {
  const rows = await sql<(Row & { code: string; number: string; vat: string; withholding: string })[]>`
    select ${columns(sql)}, d.code, s.number, greatest(s.vat - t.vat, 0) as vat,
      greatest(s.withholding - t.withholding, 0) as withholding
    from payout_claims c join statements s on s.id = c.statement_id join partner_duties d on d.partner_id = c.partner_id
    join statement_tax_posted t on t.statement_id = s.id
    where c.round_id = ${uuidOf(round)}::uuid order by c.index`
  return rows.map((row) => ({
    ...claimOf(row),
    partnerCode: row.code,
    statementNumber: row.number,
    vat: BigInt(row.vat),
    withholding: BigInt(row.withholding),
  }))
}

/** The claim of a statement that was given out last; with a partner, only if it is that partner's. */
export async function selectClaim(
  sql: Reader,
  { statement, partner }: { readonly statement: Id<'sta'>; readonly partner?: Id<'ptr'> | undefined },
): Promise<Claim | undefined> {
  const owner = partner === undefined ? null : uuidOf(partner)
  const [row] = await sql<Row[]>`
    select ${columns(sql)} from payout_claims c
    where c.statement_id = ${uuidOf(statement)}::uuid and (${owner}::uuid is null or c.partner_id = ${owner}::uuid)
    order by c.live desc, c.round_id desc limit 1`
  return row && claimOf(row)
}

/** Claims that were paid, each with the transaction and the time of its block. */
export async function markClaimed(
  tx: Transaction,
  round: Id<'pyr'>,
  paid: readonly { readonly index: number; readonly tx: string; readonly at: Date }[],
): Promise<void> {
  await tx`
    update payout_claims c set claimed_at = p.at, claimed_tx = p.tx
    from unnest(${paid.map(({ index }) => index)}::integer[], ${paid.map(({ tx: hash }) => hash)}::text[],
                ${paid.map(({ at }) => at.toISOString())}::text[]::timestamptz[]) as p (index, tx, at)
    where c.round_id = ${uuidOf(round)}::uuid and c.index = p.index and c.claimed_at is null`
}

/**
 * The statements of a round that were not paid are free for another round; with a time, because the money came back: all
 * of them, or that of one index.
 */
export async function releaseClaims(
  tx: Transaction,
  round: Id<'pyr'>,
  returned?: { readonly index?: number; readonly returnedAt: Date },
): Promise<void> {
  await tx`
    update payout_claims set live = false, returned_at = ${returned?.returnedAt.toISOString() ?? null}::timestamptz
    where round_id = ${uuidOf(round)}::uuid and claimed_at is null
      ${returned?.index === undefined ? tx`` : tx`and index = ${returned.index}`}`
}

export async function countClaims(sql: Reader, round: Id<'pyr'>): Promise<number> {
  const [row] = await sql<{ count: string }[]>`
    select count(*) from payout_claims where round_id = ${uuidOf(round)}::uuid`
  return Number(row?.count ?? 0)
}

/** Whether a statement stands in a live round, or is paid by bank. */
export async function isGivenOut(sql: Reader, statement: Id<'sta'>): Promise<boolean> {
  const rows = await sql`
    select from payout_claims where statement_id = ${uuidOf(statement)}::uuid and live
    union all select from payouts where statement_id = ${uuidOf(statement)}::uuid and live limit 1`
  return rows.length > 0
}

export async function claimExists(
  sql: Reader,
  { round, index }: { readonly round: Id<'pyr'>; readonly index: number },
): Promise<boolean> {
  const rows = await sql`
    select from payout_claims where round_id = ${uuidOf(round)}::uuid and index = ${index}`
  return rows.length > 0
}

function columns(sql: Reader): Fragment {
  return sql`c.round_id, c.index, c.statement_id, c.partner_id, c.account, c.amount, c.salt, c.proof, c.claimed_at,
    c.claimed_tx, c.returned_at`
}

function claimOf(row: Row): Claim {
  return {
    round: idOf('pyr', row.round_id),
    index: row.index,
    statement: idOf('sta', row.statement_id),
    partner: idOf('ptr', row.partner_id),
    account: row.account,
    amount: BigInt(row.amount),
    salt: hexOf(row.salt),
    proof: hashesOf(row.proof),
    claimedAt: row.claimed_at ?? undefined,
    claimedTx: row.claimed_tx ?? undefined,
    returnedAt: row.returned_at ?? undefined,
  }
}
