import { Fault } from '../../kernel/fault.ts'
import type { Spent } from '../store/spent-points.ts'

/** A quota is spent: `THROTTLED`, with what is known of it. */
export class Throttled extends Fault {
  readonly quota: Spent

  constructor(message: string, quota: Spent) {
    super('THROTTLED', message)
    this.quota = quota
  }
}
