import { Fault } from '../../kernel/fault.ts'

/** What is said of a partner's account that is not there. */
export function noBankAccount(): Fault {
  return new Fault('NOT_FOUND', 'there is no such bank account', { field: 'account' })
}

/** What is said of an account of ours that is not there. */
export function noOwnAccount(): Fault {
  return new Fault('NOT_FOUND', 'there is no such account of ours', { field: 'code' })
}
