import type { ComplaintCategory, ComplaintStatus } from '../../partners/complaints/complaint.ts'
import type { Language } from '../consent-pages/language.ts'

/** What the page of a customer's complaints says. */
export type ComplaintWords = {
  readonly title: string
  readonly lead: string
  readonly nobody: string
  readonly about: string
  readonly what: string
  readonly text: string
  readonly send: string
  readonly mine: string
  readonly received: string
  readonly due: string
  readonly decided: string
  readonly answer: string
  readonly remedy: string
  readonly withdraw: string
  readonly incomplete: string
  readonly tooMany: string
  readonly category: Readonly<Record<ComplaintCategory, string>>
  readonly status: Readonly<Record<ComplaintStatus, string>>
}

const EN: ComplaintWords = {
  title: 'Complaints',
  lead: 'Tell your broker what a partner did wrong. The partner is told neither who you are nor what you write. You are answered within 15 days.',
  nobody: 'You have shared nothing with a partner, so there is none to complain about.',
  about: 'About whom',
  what: 'About what',
  text: 'What happened',
  send: 'Send the complaint',
  mine: 'Your complaints',
  received: 'Sent',
  due: 'Answered by',
  decided: 'Answered',
  answer: 'The answer',
  remedy: 'What is put right',
  withdraw: 'Withdraw it',
  incomplete: 'Choose about whom and about what, and write what happened, up to 2,000 characters.',
  tooMany: 'Ten of your complaints are open. Wait for an answer, or withdraw one.',
  category: {
    UNSUITABLE_OFFER: 'An offer that does not suit me',
    CONSENT: 'My consent',
    DATA: 'My data',
    CONDUCT: 'How I was treated',
    SERVICE: 'A service that does not work',
    OTHER: 'Something else',
  },
  status: {
    RECEIVED: 'Received',
    WORKING: 'Being looked into',
    UPHELD: 'You are right',
    REJECTED: 'Not found to be so',
    WITHDRAWN: 'Withdrawn',
  },
}

const ZH: ComplaintWords = {
  title: '投诉',
  lead: '请告诉您的券商合作方有何不当之处。合作方不会得知您的身份和您所写的内容。我们将在 15 天内答复。',
  nobody: '您没有与任何合作方共享过数据，因此没有可以投诉的对象。',
  about: '投诉对象',
  what: '投诉类别',
  text: '事情经过',
  send: '提交投诉',
  mine: '我的投诉',
  received: '提交时间',
  due: '答复期限',
  decided: '答复时间',
  answer: '答复',
  remedy: '处理措施',
  withdraw: '撤回投诉',
  incomplete: '请选择投诉对象和类别，并填写事情经过（不超过 2000 字）。',
  tooMany: '您有十项投诉尚在处理中，请等待答复或撤回其中一项。',
  category: {
    UNSUITABLE_OFFER: '推荐不适合我',
    CONSENT: '我的授权',
    DATA: '我的数据',
    CONDUCT: '行为态度',
    SERVICE: '服务故障',
    OTHER: '其他',
  },
  status: {
    RECEIVED: '已收到',
    WORKING: '处理中',
    UPHELD: '投诉成立',
    REJECTED: '投诉不成立',
    WITHDRAWN: '已撤回',
  },
}

const WORDS: Readonly<Record<Language, ComplaintWords>> = { en: EN, 'zh-CN': ZH }

/** The words of a language. */
export function complaintWords(language: Language): ComplaintWords {
  return WORDS[language]
}
