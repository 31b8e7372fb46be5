/**
 * Length of an IBAN by country, as the IBAN registry (ISO 13616, SWIFT, release 99) has it. A country that is not here issues
 * none.
 */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  [
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24',
    'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32',
    'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24',
    'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30',
  ].flatMap((line) => line.split(' ').map((one) => [one.slice(0, 2), Number(one.slice(2))] as const)),
)

/** What is wrong with an IBAN that is written without spaces, in capitals; nothing when it is sound. */
export function faultOfIban(iban: string): string | undefined {
  if (!/^[A-Z]{2}[0-9]{2}[0-9A-Z]{1,30}$/.test(iban)) return 'it is not an IBAN'
  const length = LENGTHS.get(iban.slice(0, 2))
  if (length === undefined) return 'its country issues no IBAN'
  if (iban.length !== length) return `an IBAN of its country has ${length} characters`
  return remainderOf(iban) === 1n ? undefined : 'its check digits do not fit'
}

/** ISO 7064 MOD 97-10 over country and check digits moved behind, letters as 10 to 35. */
function remainderOf(iban: string): bigint {
  const digits = `${iban.slice(4)}${iban.slice(0, 4)}`.replace(/[A-Z]/g, (letter) => `${letter.charCodeAt(0) - 55}`)
  return BigInt(digits) % 97n
}
