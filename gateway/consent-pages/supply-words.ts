import type { Language } from './language.ts'
import type { Words } from './words.ts'

const en: Partial<Words> = {
  heading: (partner) => `${partner} asks to pass on some of your data`,
  lead: (partner) =>
    `${partner} would tell your broker what it knows about you. Nothing is passed on unless you agree, and ${partner} reads nothing by this.`,
  howOften: 'How often it is passed on',
  what: 'What is passed on',
  whatLead:
    'Take out what your broker shall not be told. Whom it may be shown to is for you to say, partner by partner.',
  share: (label) => `Pass on: ${label}`,
  howExactly: (label) => `What of it: ${label}`,
  granularity: { exact: 'The value', band: 'The value', flag: 'The value' },
  nothingKnown: 'as they know it',
  agree: 'Agree',
  chooseOne: 'Choose at least one thing to be passed on, or refuse.',
}

const zh: Partial<Words> = {
  heading: (partner) => `${partner} 申请提供您的部分数据`,
  lead: (partner) =>
    `${partner} 将把其掌握的您的信息提供给您的券商。未经您同意，不会提供；${partner} 也不会因此读取任何数据。`,
  howOften: '提供频率',
  what: '将提供的内容',
  whatLead: '不希望提供给券商的内容请取消勾选。向谁展示，由您逐一决定。',
  share: (label) => `提供：${label}`,
  howExactly: (label) => `提供内容：${label}`,
  granularity: { exact: '数值', band: '数值', flag: '数值' },
  nothingKnown: '以对方掌握的为准',
  agree: '同意',
  chooseOne: '请至少选择一项要提供的内容，或者拒绝。',
}

/** What is said otherwise where a partner supplies data rather than reads it. */
export const SUPPLY_WORDS: Readonly<Record<Language, Partial<Words>>> = { en, 'zh-CN': zh }
