import type { Reader, Transaction } from '../../database/client.ts'
import { type Id, uuidOf } from '../../kernel/ids.ts'
import type { Notice } from '../notice.ts'

/** A notice as its record tells of it. */
export type KeptNotice = Notice & { readonly purpose: string; readonly publishedAt: Date; readonly record: Id<'rec'> }

type NoticeRow = {
  readonly version: number
  readonly earlier_until: Date | null
  readonly texts: Readonly<Record<string, string>>
}

/** Adds notices and their texts. */
export async function insertNotices(tx: Transaction, notices: readonly KeptNotice[]): Promise<void> {
  for (const { purpose, version, earlierUntil, publishedAt, record, texts } of notices) {
    await tx`
      insert into notices (purpose, version, earlier_until, published_at, record_id)
      values (${purpose}, ${version}, ${earlierUntil?.toISOString() ?? null}, ${publishedAt.toISOString()}, ${uuidOf(record)})`
    await tx`
      insert into notice_texts (purpose, version, locale, text, hash)
      select ${purpose}, ${version}, key, value, encode(sha256(convert_to(value, 'UTF8')), 'hex')
      from jsonb_each_text(${JSON.stringify(texts)}::jsonb)`
  }
}

/** The notice of a purpose that is in force: the last one. */
export async function selectCurrentNotice(sql: Reader, purpose: string): Promise<Notice | undefined> {
  const [row] = await sql<NoticeRow[]>`${rows(sql)} where n.purpose = ${purpose} order by n.version desc limit 1`
  return row && noticeOf(row)
}

/** One version of a purpose's notice. */
export async function selectNotice(sql: Reader, purpose: string, version: number): Promise<Notice | undefined> {
  const [row] = await sql<NoticeRow[]>`${rows(sql)} where n.purpose = ${purpose} and n.version = ${version}`
  return row && noticeOf(row)
}

function rows(sql: Reader) {
  return sql`
    select n.version, n.earlier_until,
           (select jsonb_object_agg(t.locale, t.text) from notice_texts t
            where t.purpose = n.purpose and t.version = n.version) as texts
    from notices n`
}

function noticeOf({ version, earlier_until, texts }: NoticeRow): Notice {
  return { version, texts, earlierUntil: earlier_until ?? undefined }
}
