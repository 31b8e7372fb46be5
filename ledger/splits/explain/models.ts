import type { Attribution } from '../../agreements/terms.ts'
import type { ExplainIn } from './words.ts'

const MODELS: Readonly<Record<Attribution['model'], readonly [english: string, chinese: string]>> = {
  FIRST: ['the first touch', '首次触点'],
  LAST: ['the last touch', '末次触点'],
  LINEAR: ['equal parts', '均分'],
  POSITION: ['position (40/20/40)', '位置（40/20/40）'],
  TIME_DECAY: ['time decay', '时间衰减'],
  MARKOV: ['removal effects (Markov)', '移除效应（马尔可夫）'],
  SHAPLEY: ['Shapley values', '夏普利值'],
}

/** Whether a text names a model of attribution. */
export function isModel(text: unknown): text is Attribution['model'] {
  return typeof text === 'string' && Object.hasOwn(MODELS, text)
}

/** How a model of attribution is called. */
export function modelIn(
  attribution: { readonly model: Attribution['model']; readonly halfLifeDays?: number },
  { language }: ExplainIn,
): string {
  const [english, chinese] = MODELS[attribution.model]
  const { halfLifeDays } = attribution
  if (halfLifeDays === undefined) return language === 'en' ? english : chinese
  return language === 'en' ? `${english} (half-life ${halfLifeDays} d)` : `${chinese}（半衰期 ${halfLifeDays} 天）`
}
