import type { Id } from '../../kernel/ids.ts'

/** How a consent's end goes on at the partner: told, heard, deleted or overdue. */
export type Deletion = {
  readonly consent: Id<'cns'>
  readonly partnerId: Id<'ptr'>
  readonly purpose: string
  readonly endedAt: Date
  /** When the partner was first told; absent where it has not been, or takes no webhooks. */
  readonly toldAt: Date | undefined
  /** When its server said that it had heard. */
  readonly acknowledgedAt: Date | undefined
  /** By when it has to have deleted what it read. */
  readonly dueAt: Date
  /** When it said that it had. */
  readonly attestedAt: Date | undefined
  readonly overdue: boolean
}
