import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fault } from '../../kernel/fault.ts'
import {
  type Asset,
  codeOf,
  decimalsOf,
  formatDecimal,
  isAsset,
  parseAsset,
  parseDecimal,
  parseMinor,
  sumMoney,
} from '../../kernel/money.ts'

const assets: fc.Arbitrary<Asset> = fc.constantFrom('CNY/2', 'PTS/0', 'USDC/6', 'WEI/18')
const minors = fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n })

describe('an asset', () => {
  it('is a code and its decimals', () => {
    expect(parseAsset('USDC/6')).toBe('USDC/6')
    expect([decimalsOf('USDC/6'), codeOf('USDC/6')]).toEqual([6, 'USDC'])
    expect([decimalsOf('WEI/18'), decimalsOf('PTS/0')]).toEqual([18, 0])
  })

  it.each([
    '',
    'CNY',
    'CNY/',
    'cny/2',
    'CN/2',
    'CNY/19',
    'CNY/02',
    'CNY/-2',
    'CNY/2 ',
    'CNY/2\n',
    '1NY/2',
    'CNY/2/2',
    'ABCDEFGHIJKLM/2',
  ])('is not %j', (text) => {
    expect(isAsset(text)).toBe(false)
    expect(() => parseAsset(text)).toThrow(Fault)
  })
})

describe('decimals', () => {
  it.each<[string, Asset, bigint]>([
    ['1234.5', 'CNY/2', 123_450n],
    ['0.01', 'CNY/2', 1n],
    ['-0.01', 'CNY/2', -1n],
    ['-0', 'CNY/2', 0n],
    ['7', 'PTS/0', 7n],
    ['0.000001', 'USDC/6', 1n],
    ['9'.repeat(38), 'PTS/0', 10n ** 38n - 1n],
  ])('%s in %s is %d', (text, asset, minor) => {
    expect(parseDecimal(text, asset)).toBe(minor)
  })

  it.each<[string, Asset]>([
    ['1.234', 'CNY/2'],
    ['1.0', 'PTS/0'],
    ['1.', 'CNY/2'],
    ['.5', 'CNY/2'],
    ['+1', 'CNY/2'],
    ['1e3', 'CNY/2'],
    ['1,000', 'CNY/2'],
    [' 1', 'CNY/2'],
    ['１', 'CNY/2'],
    ['', 'CNY/2'],
    ['NaN', 'CNY/2'],
    ['9'.repeat(38), 'CNY/2'],
    ['9'.repeat(39), 'PTS/0'],
  ])('%j is no amount in %s', (text, asset) => {
    expect(() => parseDecimal(text, asset)).toThrow(Fault)
  })

  it('come back as they were written', () => {
    fc.assert(
      fc.property(minors, assets, (minor, asset) => parseDecimal(formatDecimal({ asset, minor }), asset) === minor),
    )
  })

  it('are written with all of the asset’s places', () => {
    expect(formatDecimal({ asset: 'CNY/2', minor: -1230n })).toBe('-12.30')
    expect(formatDecimal({ asset: 'CNY/2', minor: 5n })).toBe('0.05')
    expect(formatDecimal({ asset: 'PTS/0', minor: -5n })).toBe('-5')
    expect(formatDecimal({ asset: 'USDC/6', minor: 0n })).toBe('0.000000')
  })
})

describe('minor units', () => {
  it('come back as they were written', () => {
    fc.assert(fc.property(minors, (minor) => parseMinor(String(minor)) === minor))
  })

  it.each(['', '-', '-0', '01', '1.0', '1e3', ' 1', '1\n', '0x10', '1'.repeat(39), 'ten'])('are not %j', (text) => {
    expect(() => parseMinor(text)).toThrow(Fault)
  })
})

describe('a sum of money', () => {
  it('is exact', () => {
    fc.assert(
      fc.property(fc.array(minors), assets, (all, asset) => {
        const total = sumMoney(
          asset,
          all.map((minor) => ({ asset, minor })),
        )
        return total.asset === asset && total.minor === all.reduce((a, b) => a + b, 0n)
      }),
    )
  })

  it('does not mix assets', () => {
    expect(() => sumMoney('CNY/2', [{ asset: 'USD/2', minor: 1n }])).toThrow('USD/2 cannot be added to CNY/2')
  })
})
