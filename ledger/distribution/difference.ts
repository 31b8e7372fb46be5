import { Fault } from '../../kernel/fault.ts'
import type { RoundOnChain } from './chain.ts'
import { type Round, secondsOf } from './round.ts'

/** What is wrong when the contract has another round under the number than was planned: somebody else opened it. */
export function differenceOf(round: Round, { root, total, deadline }: RoundOnChain): Fault | undefined {
  const same = root === round.root && total === round.total && deadline === secondsOf(round.deadline)
  if (same) return undefined
  const what = `the contract ${round.contract} has another round ${round.number} than ${round.id} was planned as`
  return new Fault('CHAIN_DIFFERS', what)
}
