import { readArtifact } from './artifact.ts'

const { abi } = readArtifact('PayoutDistributor')

/** A leaf with its proof, as the contract asks for it. */
export type ProvenLeaf = {
  readonly number: bigint
  readonly index: number
  readonly account: string
  readonly amount: bigint
  readonly salt: string
  readonly proof: readonly string[]
}

/** The call that claims a leaf: any wallet can send it, and the money goes to the leaf's account. */
export function claimCall(
  contract: string,
  { number, index, account, amount, salt, proof }: ProvenLeaf,
): { readonly to: string; readonly data: string } {
  return { to: contract, data: abi.encodeFunctionData('claim', [number, index, account, amount, salt, proof]) }
}
