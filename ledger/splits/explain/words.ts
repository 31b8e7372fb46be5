import { DateTime } from 'luxon'
import { type Asset, codeOf, decimalsOf, formatDecimal } from '../../../kernel/money.ts'
import type { ExactText } from '../explanation.ts'

/** Languages in which an explanation is told. */
export const LANGUAGES = ['en', 'zh-CN'] as const
export type Language = (typeof LANGUAGES)[number]

/** What amounts and times are shown in: the statement's asset, the programme's time zone. */
export type ExplainIn = { readonly asset: Asset; readonly timeZone: string; readonly language: Language }

/** `1 line`, `2 lines`; a plural of its own where an s does not make it. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`
}

/** A time in the programme's zone, to the millisecond. */
export function timeIn(time: string, { timeZone }: ExplainIn): string {
  return DateTime.fromISO(time, { zone: timeZone }).toFormat("yyyy-MM-dd HH:mm:ss.SSS 'UTC'ZZ")
}

/** Minor units as an amount with its asset's code. */
export function money(minor: bigint, asset: Asset): string {
  return `${formatDecimal({ asset, minor })} ${codeOf(asset)}`
}

/** 200000 ppm as `20 %`. */
export function percent(ppm: string): string {
  return `${decimalText(BigInt(ppm), 4)} %`
}

/** An exact amount as a decimal where it has one with at most 18 decimals, else as a fraction of minor units. */
export function exactMoney(exact: ExactText, asset: Asset): string {
  if (exact.about !== undefined) return `${exact.about}… × ${decimalText(1n, decimalsOf(asset))} ${codeOf(asset)}`
  const { numerator, denominator } = exact
  const divisor = BigInt(denominator)
  for (let decimals = 0; decimals <= 18; decimals++) {
    const scaled = BigInt(numerator) * 10n ** BigInt(decimals)
    if (scaled % divisor === 0n) {
      return `${decimalText(scaled / divisor, decimals + decimalsOf(asset))} ${codeOf(asset)}`
    }
  }
  return `${numerator}/${denominator} × ${decimalText(1n, decimalsOf(asset))} ${codeOf(asset)}`
}

/** An exact number as a fraction. */
export function fraction(exact: ExactText): string {
  return exact.about === undefined ? `${exact.numerator}/${exact.denominator}` : `${exact.about}…`
}

/** An integer over a power of ten, without trailing zeros beyond the point. */
function decimalText(value: bigint, decimals: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}
