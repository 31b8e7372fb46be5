/** What filters of generated terms name and facts say. */
export const CAMPAIGNS = ['spring', 'autumn'] as const
export const MARKETS = ['CN', 'HK'] as const
export const CATEGORIES = ['FUND', 'BOND'] as const
export const PRODUCTS = [
  { source: 'core', externalId: 'p1' },
  { source: 'core', externalId: 'p2' },
] as const
export const UNITS = ['CLICK', 'VIEW'] as const
/** Beginnings of keys whose order in bytes is another than that in letters or in UTF-16. */
export const STEMS = ['a', 'B', 'z', 'é', '\uFF41', '\u{1D49C}', '9', '-'] as const
