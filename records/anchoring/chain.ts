/**
 * The contract that keeps anchors, as anybody may read it. `contracts/` fills these ports, `app/` joins them with the log.
 * Every function throws `CHAIN_UNAVAILABLE` when the node is silent, `CHAIN_REFUSED` when it refuses.
 */
export type AnchorViews = {
  /** The contract's address. */
  readonly contract: string
  /** Which chain the node is of, and whether the contract is there. */
  readonly identify: () => Promise<{ readonly chainId: bigint; readonly present: boolean }>
  /** The last anchor, as of the last block or as it was so many blocks deep (1 is the last block). */
  readonly head: (confirmations?: number) => Promise<AnchorHead>
  /** The anchors with these numbers, both included. */
  readonly anchors: (range: { readonly from: bigint; readonly to: bigint }) => Promise<readonly Publication[]>
}

/** The contract, and the account that publishes to it. */
export type AnchorChain = AnchorViews & {
  readonly publisher: string
  readonly nonces: () => Promise<Nonces>
  /** What publishing would need now, or what the contract has against it. */
  readonly quote: (publication: Publication) => Promise<Quote | { readonly refused: string }>
  /** Signs, and sends nothing. */
  readonly sign: (
    publication: Publication,
    fees: Fees,
    place: { readonly nonce: number; readonly chainId: bigint },
  ) => Promise<{ readonly hash: string; readonly bytes: Buffer }>
  /** The same bytes may be handed over any number of times. */
  readonly broadcast: (bytes: Buffer) => Promise<Broadcast>
  /** Where a transaction is: a hint, never the truth about what it did. */
  readonly find: (hash: string) => Promise<'UNKNOWN' | 'PENDING' | 'MINED' | 'REVERTED'>
}

/** An anchor: its number in the contract, the records in the log, and the root over them. */
export type AnchorHead = { readonly sequence: bigint; readonly size: bigint; readonly root: Buffer }

/** An anchor with the root of the one before it. */
export type Publication = AnchorHead & { readonly previousRoot: Buffer }

/** How many transactions of the account are in blocks, and how many with those that wait. */
export type Nonces = { readonly mined: number; readonly pending: number }

/** Gas, and wei for each unit of it. */
export type Quote = { readonly gasLimit: bigint; readonly baseFee: bigint; readonly priorityFee: bigint }
export type Fees = { readonly gasLimit: bigint; readonly maxFee: bigint; readonly priorityFee: bigint }

export type Broadcast =
  | { readonly outcome: 'ACCEPTED' | 'NONCE_USED' | 'UNDERPRICED' }
  | { readonly outcome: 'REFUSED'; readonly why: string }

/** How the log is anchored. */
export type AnchorPolicy = {
  /** At least so long from one anchor to the next. */
  readonly everySeconds: number
  /** The most that one transaction may cost. */
  readonly budgetWei: bigint
  /** A transaction that waits longer is replaced by one that pays more. */
  readonly replaceAfterSeconds: number
  /** Blocks, the anchor's own included, after which it counts as final. */
  readonly confirmations: number
}

/** How a turn ended, and why when something is in the way. */
export type AnchorTurn = {
  readonly state: AnchorState
  readonly why?: string
  /** The transaction that was sent or waits. */
  readonly hash?: string
}

/**
 * CURRENT: the chain has our latest checkpoint. EARLY: it has not, and it is not time yet. SENT: a transaction was handed to
 * the node. PENDING: it waits for a block. WAITING: something is in the way that may pass. STOPPED: the chain and the log
 * contradict each other; nothing is signed until somebody has looked.
 */
export type AnchorState = 'CURRENT' | 'EARLY' | 'SENT' | 'PENDING' | 'WAITING' | 'STOPPED'
