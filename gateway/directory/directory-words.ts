import type { PartnerKind } from '../../partners/partner.ts'
import type { Language } from '../consent-pages/language.ts'

type Words = {
  readonly title: string
  readonly lead: string
  readonly nobody: string
  readonly kind: string
  readonly kinds: Readonly<Record<PartnerKind, string>>
  readonly where: string
  readonly asks: string
  readonly asksNothing: string
  readonly products: string
  readonly more: string
  readonly own: string
  readonly failedTitle: string
  readonly failed: string
}

/** What the page of partners says. */
export const DIRECTORY_WORDS: Readonly<Record<Language, Words>> = {
  en: {
    title: 'Partners',
    lead: 'Who works with your broker now, and what each may ask you for. Nobody sees anything of you that you did not agree to.',
    nobody: 'There is no partner at present.',
    kind: 'What it is',
    kinds: { BANK: 'Bank', INSURER: 'Insurer', SCENARIO: 'Scenario', DATA: 'Data', SERVICE: 'Service' },
    where: 'Where it is',
    asks: 'May ask you for',
    asksNothing: 'nothing',
    products: 'Provides',
    more: 'More',
    own: 'What you share, and who read it',
    failedTitle: 'This did not work',
    failed: 'There is no such page of the list.',
  },
  'zh-CN': {
    title: '合作伙伴',
    lead: '目前与您的券商合作的机构，以及各自可以向您申请的内容。未经您同意，任何机构都看不到您的数据。',
    nobody: '目前没有合作伙伴。',
    kind: '类型',
    kinds: { BANK: '银行', INSURER: '保险公司', SCENARIO: '场景方', DATA: '数据服务', SERVICE: '其他服务' },
    where: '所在地',
    asks: '可向您申请',
    asksNothing: '无',
    products: '提供的产品',
    more: '更多',
    own: '您共享的内容与读取记录',
    failedTitle: '操作未成功',
    failed: '没有这一页。',
  },
}
