import { Fault } from '../../kernel/fault.ts'
import { type Asset, codeOf, decimalsOf } from '../../kernel/money.ts'

/** Currencies in use by their decimals. Source: ISO 4217. */
const CURRENCIES: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE
    CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW
    KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK
    PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS
    UAH USD UYU UZS VES WST XCD YER ZAR ZMW`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
}

const DECIMALS: ReadonlyMap<string, number> = new Map(
  Object.entries(CURRENCIES).flatMap(([decimals, codes]) => codes.split(/\s+/).map((code) => [code, Number(decimals)])),
)

/**
 * The currency (ISO 4217) that an asset is. Throws `UNSUPPORTED` for what no bank moves: `USDC/6`, `PTS/0`, or a currency with
 * other decimals than it has.
 */
export function currencyOf(asset: Asset): string {
  const code = codeOf(asset)
  if (DECIMALS.get(code) === decimalsOf(asset)) return code
  throw new Fault('UNSUPPORTED', `${asset} is no currency of ISO 4217 with its decimals: no bank pays it by pain.001`)
}
