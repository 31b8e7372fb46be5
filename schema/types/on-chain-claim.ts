import type { ClaimInRound } from '../../ledger/distribution/find-claim.ts'
import { builder, type GraphName } from '../builder.ts'
import { moneyType } from './money.ts'

const subGraphs: GraphName[] = ['partner']

/** How a statement is claimed on a chain: for the partner that is paid, and nobody else. */
export const onChainClaimType = builder.objectRef<ClaimInRound>('OnChainClaim').implement({
  description:
    'What it takes to claim a statement’s money from the contract with any wallet. Keep the salt to yourself.',
  subGraphs,
  authScopes: { scope: 'statements:read' },
  fields: (t) => ({
    chainId: t.string({ description: 'The chain (EIP-155).', resolve: ({ round }) => String(round.chainId) }),
    contract: t.string({ description: 'The contract that pays.', resolve: ({ round }) => round.contract }),
    token: t.string({ description: 'The token that it pays in.', resolve: ({ round }) => round.token }),
    round: t.string({ description: 'The round in the contract.', resolve: ({ round }) => String(round.number) }),
    index: t.int({ description: 'Place in the round.', resolve: ({ claim }) => claim.index }),
    account: t.string({ description: 'The account that is paid.', resolve: ({ claim }) => claim.account }),
    amount: t.field({
      type: moneyType,
      description: 'What is paid.',
      resolve: ({ claim, round }) => ({ minor: claim.amount, asset: round.asset }),
    }),
    salt: t.string({ description: '32 random bytes, hexadecimal.', resolve: ({ claim }) => claim.salt }),
    proof: t.stringList({ description: 'The siblings from the leaf up.', resolve: ({ claim }) => [...claim.proof] }),
    deadline: t.field({
      type: 'DateTime',
      description: 'The last second in which the contract pays.',
      resolve: ({ round }) => round.deadline,
    }),
    claimedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was paid, as far as the chain is taken as final.',
      resolve: ({ claim }) => claim.claimedAt,
    }),
    claimedTransaction: t.string({
      nullable: true,
      description: 'The transaction that claimed it.',
      resolve: ({ claim }) => claim.claimedTx,
    }),
    returnedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the money went back, because nobody claimed it in time. It is still owed.',
      resolve: ({ claim }) => claim.returnedAt,
    }),
  }),
})
