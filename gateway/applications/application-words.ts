import type { Language } from '../consent-pages/language.ts'

type Words = {
  readonly heading: string
  readonly lead: string
  readonly name: string
  readonly kind: string
  readonly kinds: Readonly<Record<'BANK' | 'INSURER' | 'SCENARIO' | 'DATA' | 'SERVICE', string>>
  readonly jurisdiction: string
  readonly about: string
  readonly contactName: string
  readonly email: string
  readonly privacy: string
  readonly send: string
  readonly sentHeading: string
  readonly sent: string
  readonly confirmHeading: string
  readonly confirmLead: string
  readonly confirm: string
  readonly confirmedHeading: string
  readonly confirmed: string
  readonly failedHeading: string
}

/** What the pages for applicants say. */
export const APPLICATION_WORDS: Readonly<Record<Language, Words>> = {
  en: {
    heading: 'Become a partner',
    lead: 'Tell us who you are. We write to you once you have confirmed your mail address.',
    name: 'Name of the company',
    kind: 'What it brings',
    kinds: {
      BANK: 'A bank',
      INSURER: 'An insurer',
      SCENARIO: 'A place where customers are',
      DATA: 'Data',
      SERVICE: 'A service',
    },
    jurisdiction: 'Country (two letters, such as CN)',
    about: 'What you would do with us',
    contactName: 'Whom we write to',
    email: 'Mail address',
    privacy:
      'The name and the address are kept encrypted, for this application alone, and are deleted if it is refused.',
    send: 'Apply',
    sentHeading: 'Look into your mail',
    sent: 'If we can write to this address, a link is on its way. It is good for 24 hours.',
    confirmHeading: 'Confirm your application',
    confirmLead: 'With this you confirm that the mail address is yours.',
    confirm: 'Confirm',
    confirmedHeading: 'Your application is with us',
    confirmed: 'Name this number when you write to us:',
    failedHeading: 'This did not work',
  },
  'zh-CN': {
    heading: '成为合作伙伴',
    lead: '请告诉我们贵公司的情况。您确认邮箱后，我们会与您联系。',
    name: '公司名称',
    kind: '合作类型',
    kinds: { BANK: '银行', INSURER: '保险公司', SCENARIO: '场景方', DATA: '数据服务', SERVICE: '其他服务' },
    jurisdiction: '国家或地区（两位字母代码，如 CN）',
    about: '您希望如何与我们合作',
    contactName: '联系人',
    email: '邮箱',
    privacy: '联系人姓名与邮箱加密保存，仅用于本次申请；申请被拒绝后即删除。',
    send: '提交申请',
    sentHeading: '请查收邮件',
    sent: '若该邮箱可以收信，确认链接已发出，24 小时内有效。',
    confirmHeading: '确认申请',
    confirmLead: '点击下方按钮，即确认该邮箱属于您。',
    confirm: '确认',
    confirmedHeading: '我们已收到您的申请',
    confirmed: '与我们联系时请注明编号：',
    failedHeading: '操作未成功',
  },
}
