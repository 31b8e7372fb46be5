import type { Broadcast, Fees, Nonces, Quote } from '../../records/anchoring/chain.ts'

/** Reads an account as people write it; throws `INVALID_INPUT` for what has no right checksum (EIP-55). */
export type ReadAccount = (text: string) => string

/** Who may claim how much in a round; the index is the place in the list. */
export type Leaf = { readonly account: string; readonly amount: bigint; readonly salt: string }

/** What binds leaves to one round. */
export type LeafRound = { readonly chainId: bigint; readonly contract: string; readonly number: bigint }

/** Builds the tree over a round's leaves; hashes are 0x and 64 digits. */
export type BuildTree = (
  round: LeafRound,
  leaves: readonly Leaf[],
) => { readonly root: string; readonly proofOf: (index: number) => readonly string[] }

/** The distributor, as anybody finds it on the chain. */
export type Distributor = {
  readonly chainId: bigint
  readonly contract: string
  readonly token: string
  readonly decimals: number
  /** Who opens rounds and sweeps them. */
  readonly owner: string
  /** The last block. */
  readonly block: bigint
}

/** A round as the contract has it; `deadline` in seconds. */
export type RoundOnChain = {
  readonly root: string
  readonly total: bigint
  readonly claimed: bigint
  readonly deadline: bigint
  readonly swept: boolean
}

/** Something that happened to a round, in a block of which `at` is the time. */
export type RoundEvent = { readonly tx: string; readonly at: Date } & (
  | { readonly kind: 'OPENED' }
  | { readonly kind: 'CLAIMED'; readonly index: number; readonly amount: bigint }
  | { readonly kind: 'SWEPT'; readonly amount: bigint }
)

/** A round as it was in one block. */
export type Observation = {
  readonly block: bigint
  readonly at: Date
  readonly round: RoundOnChain | undefined
  /** Indexes of the leaves that the contract says were claimed. */
  readonly claimed: ReadonlySet<number>
  /** What happened after the block that was seen before, in order. */
  readonly events: readonly RoundEvent[]
}

export type Call = { readonly to: string; readonly data: string }

/**
 * The chain as payouts see it: `contracts/` fills it, `app/` joins the two. Everything throws `CHAIN_UNAVAILABLE` when the
 * node is silent, `CHAIN_REFUSED` when it refuses or has no distributor at the address.
 */
export type PayoutChain = {
  readonly describe: () => Promise<Distributor>
  /** The round as it was so many blocks deep (1 is the last block): what is deeper than `confirmations` is taken as final. */
  readonly observe: (round: {
    readonly number: bigint
    readonly leaves: number
    readonly after: bigint
    readonly confirmations: number
  }) => Promise<Observation>
  /** The round as of the last block. */
  readonly roundNow: (number: bigint) => Promise<RoundOnChain | undefined>
  readonly callOf: {
    readonly approve: (token: string, amount: bigint) => Call
    readonly open: (round: {
      readonly number: bigint
      readonly root: string
      readonly total: bigint
      readonly deadline: bigint
    }) => Call
    readonly sweep: (number: bigint) => Call
  }
  /** The account that signs; absent when transactions are made by other means. */
  readonly sender: PayoutSender | undefined
}

export type PayoutSender = {
  readonly account: string
  /** What the account has of a token, and how much of it the distributor may take. */
  readonly funds: (token: string) => Promise<{ readonly balance: bigint; readonly allowance: bigint }>
  readonly nonces: () => Promise<Nonces>
  readonly quote: (call: Call) => Promise<Quote | { readonly refused: string }>
  /** Signs, and sends nothing. */
  readonly sign: (
    call: Call,
    fees: Fees,
    place: { readonly nonce: number; readonly chainId: bigint },
  ) => Promise<{ readonly hash: string; readonly bytes: Buffer }>
  /** The same bytes may be handed over any number of times. */
  readonly broadcast: (bytes: Buffer) => Promise<Broadcast>
}
