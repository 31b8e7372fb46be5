import type { Id } from '../../kernel/ids.ts'

/**
 * What makes two reports of a contribution the same: the content, and who referred the customer. That one is another
 * person's and is compared by whom it names, so that the content's fingerprint stands when that person is erased. A
 * referrer who is not known is like no other.
 */
export function fingerprintWith(fingerprint: string, referrer: Id<'cus'> | 'unknown' | undefined): string {
  return referrer === undefined ? fingerprint : `${fingerprint}/${referrer}`
}
