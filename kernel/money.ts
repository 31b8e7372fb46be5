import { Fault } from './fault.ts'
import { invariant } from './invariant.ts'

/** An asset and its number of decimals, e.g. `CNY/2`, `PTS/0`, `USDC/6`. */
export type Asset = `${string}/${number}`

/** An exact amount: whole minor units of one asset. */
export type Money = { readonly asset: Asset; readonly minor: bigint }

const ASSET = /^[A-Z][A-Z0-9]{2,11}\/(?:[0-9]|1[0-8])$/
/** `numeric(38,0)`: the largest amount that the database holds. */
const LARGEST_MINOR = 10n ** 38n - 1n
/** The largest amount that is believed from outside: what is reckoned and summed from such still fits the database. */
export const LARGEST_GIVEN = 10n ** 27n - 1n

/** Reads an asset from outside. Throws `INVALID_INPUT`. */
export function parseAsset(text: string): Asset {
  if (!isAsset(text))
    throw new Fault('INVALID_INPUT', `${JSON.stringify(text.slice(0, 40))} is not an asset such as CNY/2`)
  return text
}

/** Whether a text names an asset: a code of 3 to 12 capitals and digits, and 0 to 18 decimals. */
export function isAsset(text: string): text is Asset {
  return ASSET.test(text)
}

/** Decimals of an asset. */
export function decimalsOf(asset: Asset): number {
  return Number(asset.slice(asset.indexOf('/') + 1))
}

/** Currency or token code of an asset, without its decimals. */
export function codeOf(asset: Asset): string {
  return asset.slice(0, asset.indexOf('/'))
}

/** Reads whole minor units written as a decimal integer. Throws `INVALID_INPUT` on anything else or beyond 38 digits. */
export function parseMinor(text: string): bigint {
  if (!/^-?(?:0|[1-9][0-9]{0,37})$/.test(text) || text === '-0') {
    throw new Fault('INVALID_INPUT', 'an amount in minor units is a whole number of at most 38 digits')
  }
  return BigInt(text)
}

/** Reads `1234.5` as minor units of the asset, exactly. Throws `INVALID_INPUT` when it has more decimals than the asset. */
export function parseDecimal(text: string, asset: Asset): bigint {
  const decimals = decimalsOf(asset)
  const match = /^(-?)([0-9]{1,38})(?:\.([0-9]{1,18}))?$/.exec(text)
  const fraction = match?.[3] ?? ''
  if (!match || fraction.length > decimals) {
    throw new Fault('INVALID_INPUT', `an amount in ${asset} is a decimal number with at most ${decimals} decimals`)
  }
  const minor = BigInt(`${match[2]}${fraction.padEnd(decimals, '0')}`)
  if (minor > LARGEST_MINOR) throw new Fault('INVALID_INPUT', 'an amount has at most 38 digits')
  return match[1] === '-' ? -minor : minor
}

/** Gives an amount from outside back, unless it is beyond what is believed. Throws `INVALID_INPUT` with the field. */
export function believable(minor: bigint, field: string): bigint {
  if (minor <= LARGEST_GIVEN && minor >= -LARGEST_GIVEN) return minor
  throw new Fault('INVALID_INPUT', `${field}: an amount has at most 27 digits in minor units`, { field })
}

/** Writes minor units as a decimal of the asset, e.g. `-12.30`. */
export function formatDecimal({ asset, minor }: Money): string {
  const decimals = decimalsOf(asset)
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, '0')
  const sign = minor < 0n ? '-' : ''
  return decimals === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/** The sum of amounts of one asset; an empty sum needs the asset. */
export function sumMoney(asset: Asset, amounts: readonly Money[]): Money {
  return { asset, minor: amounts.reduce((total, amount) => total + minorIn(asset, amount), 0n) }
}

function minorIn(asset: Asset, amount: Money): bigint {
  invariant(amount.asset === asset, `an amount in ${amount.asset} cannot be added to ${asset}`)
  return amount.minor
}
