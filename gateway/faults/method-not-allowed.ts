import { Fault } from '../../kernel/fault.ts'

/** The address is known, and does not take this method: `METHOD_NOT_ALLOWED`, with those it takes. */
export class MethodNotAllowed extends Fault {
  readonly allow: string

  constructor(methods: readonly string[]) {
    const allow = methods.join(', ')
    super('METHOD_NOT_ALLOWED', `this address takes ${allow}`)
    this.allow = allow
  }
}
