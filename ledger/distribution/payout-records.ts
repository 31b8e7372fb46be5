import { z } from 'zod'
import { instant } from '../../kernel/instant.ts'
import { idText, wholeNumber } from '../../records/parse-record-data.ts'
import { assetText } from '../agreements/asset-text.ts'
import { ROUND_STATUSES } from './round.ts'

// What the records of payouts say, for whoever reads the log back.

const whole = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,37})$/, 'it is no whole number')
  .transform(BigInt)

export const addressEvent = z.object({
  event: z.enum(['PROPOSED', 'VERIFIED']),
  address: idText('pad'),
  partner: idText('ptr'),
  account: z.string(),
})

export const plannedRound = z.object({
  event: z.literal('PLANNED'),
  round: idText('pyr'),
  asset: assetText,
  chainId: whole,
  contract: z.string(),
  token: z.string(),
  number: whole,
  root: z.string(),
  total: whole,
  claims: wholeNumber,
  deadline: instant,
  seenBlock: whole,
})

export const roundMove = z.object({
  event: z.enum(ROUND_STATUSES).exclude(['PLANNED']),
  round: idText('pyr'),
  from: z.enum(ROUND_STATUSES),
})

const place = { round: idText('pyr'), index: wholeNumber, statement: idText('sta') }

export const claimEvent = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('PLANNED'),
    ...place,
    account: z.string(),
    amount: whole,
    salt: z.string(),
    proof: z.array(z.string()),
  }),
  z.object({ event: z.literal('CLAIMED'), ...place, transaction: z.string(), at: instant }),
  z.object({ event: z.literal('RETURNED'), ...place, at: instant }),
])
