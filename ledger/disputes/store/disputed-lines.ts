import type { Transaction } from '../../../database/client.ts'
import type { PartnerCaller } from '../../../kernel/caller.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'

/** A line that may be named in a dispute. */
export type DisputableLine = { readonly id: Id<'pol'>; readonly ruleNo: number; readonly minor: bigint }

/**
 * Of these lines of a statement those that its partner may see at this moment, as in `discloseLines`: what is held for a
 * disputed line tells what it earned, so one that may not be read may not be named either. When a partner names them, they
 * are disclosed to it.
 */
export async function selectDisputable(
  tx: Transaction,
  asked: {
    readonly statement: Id<'sta'>
    readonly lines: readonly Id<'pol'>[]
    readonly caller: PartnerCaller | undefined
  },
): Promise<readonly DisputableLine[]> {
  if (asked.lines.length === 0) return []
  const { statement, lines, caller } = asked
  const rows = await tx<{ id: string; rule_no: number; minor: string }[]>`
    with shown as (
      select l.id, l.rule_no, l.minor, l.customer_id, p.subject, s.partner_id, c.consent_id, c.tags
      from statement_lines l
      join statements s on s.id = l.statement_id
      left join settlement_consents c on c.partner_id = s.partner_id and c.customer_id = l.customer_id
      left join partner_subjects p on p.partner_id = s.partner_id and p.customer_id = l.customer_id
      where s.id = ${uuidOf(statement)} and l.id = any(${lines.map(uuidOf)}::uuid[])
        and (l.customer_id is null or (c.consent_id is not null and p.subject is not null))
    ), logged as (
      insert into disclosures
        (id, at, partner_id, client_id, customer_id, subject, purpose, consent_id, tags, outcome, request_id)
      select distinct on (s.customer_id) gen_random_uuid(), statement_timestamp(), s.partner_id,
        ${caller === undefined ? null : uuidOf(caller.client)}::uuid, s.customer_id, s.subject, 'SETTLEMENT', s.consent_id,
        s.tags, 'disclosed', ${caller?.requestId ?? ''}
      from shown s where s.customer_id is not null and ${caller !== undefined}
    )
    select l.id, l.rule_no, l.minor from shown l`
  return rows.map(({ id, rule_no, minor }) => ({ id: idOf('pol', id), ruleNo: rule_no, minor: BigInt(minor) }))
}

/** How many disputes a statement has had, and how many of the open ones are about the same. */
export async function countDisputes(
  tx: Transaction,
  {
    statement,
    rules,
    lines,
  }: { readonly statement: Id<'sta'>; readonly rules: readonly number[]; readonly lines: readonly DisputableLine[] },
): Promise<{ readonly all: number; readonly same: number }> {
  const whole = rules.length + lines.length === 0
  const named = `{${rules.join(',')}}`
  const within = `{${lines.map(({ ruleNo }) => ruleNo).join(',')}}`
  const [row] = await tx<{ all: number; same: number }[]>`
    select count(*)::integer as all, (count(*) filter (where d.status = 'OPEN' and (
        ${whole} or cardinality(d.rules) + cardinality(d.lines) = 0
        or d.rules && ${named}::text::smallint[] or d.rules && ${within}::text::smallint[]
        or d.lines && ${lines.map(({ id }) => uuidOf(id))}::uuid[]
        or exists (select from statement_lines l
          where l.statement_id = d.statement_id and l.id = any(d.lines) and l.rule_no = any(${named}::text::smallint[]))
      )))::integer as same
    from disputes d where d.statement_id = ${uuidOf(statement)}`
  return row ?? { all: 0, same: 0 }
}
