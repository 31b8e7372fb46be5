import { createHmac } from 'node:crypto'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'

/** Tells whether two installations have the same master key, and nothing of the key. */
export function masterKeyMark({ keyring }: Context): string {
  return createHmac('sha256', keyring.key('customer-keys')).update('tributary/replay/1').digest('hex')
}

/** Throws `INVALID_INPUT` when a file was written under another master key: nothing personal in it could be read. */
export function refuseOtherMasterKey(context: Context, mark: string): void {
  if (mark === masterKeyMark(context)) return
  throw new Fault('INVALID_INPUT', 'the file was written under another master key: replay it under that one')
}
