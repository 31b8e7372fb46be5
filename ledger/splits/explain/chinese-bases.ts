/** What revenue is reckoned on, in Chinese. */
export const CHINESE_BASES: Readonly<Record<string, string>> = {
  COMMISSION: '佣金',
  VOLUME: '交易量',
  ASSETS: '资产',
  FEE: '费用',
}
