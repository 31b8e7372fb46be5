import type { Language } from './language.ts'

/** What the pages say, save what the catalogue says. */
export type Words = {
  readonly otherLanguage: string
  readonly heading: (partner: string) => string
  readonly lead: (partner: string) => string
  readonly why: string
  readonly purpose: string
  readonly notice: string
  readonly recipient: string
  readonly howOften: string
  readonly recurring: (maxPerDay: number | undefined) => string
  readonly once: string
  readonly kept: string
  readonly keptDays: (days: number) => string
  readonly what: string
  readonly whatLead: string
  readonly share: (label: string) => string
  readonly howExactly: (label: string) => string
  readonly granularity: Readonly<Record<'exact' | 'band' | 'flag', string>>
  readonly nothingKnown: string
  readonly yes: string
  readonly no: string
  readonly atLeast: (bound: string) => string
  readonly oneOf: (values: string) => string
  readonly link: (partner: string, reference: string) => string
  readonly referenceTaken: string
  readonly border: string
  readonly borderLead: (partner: string, place: string) => string
  readonly borderTick: (place: string) => string
  readonly tickBorder: string
  readonly howLong: string
  readonly until: string
  readonly asAsked: (date: string) => string
  readonly forDays: (days: number, date: string) => string
  readonly replaces: string
  readonly agree: string
  readonly refuse: string
  readonly endAnyTime: string
  readonly chooseOne: string
  readonly changed: string
  readonly signInHeading: (partner: string) => string
  readonly signInLead: string
  readonly signIn: string
  readonly developmentLead: string
  readonly sandboxLead: string
  readonly accountKey: string
  readonly noSuchAccount: string
  readonly refusedHeading: string
  readonly agreedHeading: string
  readonly backTo: (partner: string) => string
  readonly goingBack: (partner: string) => string
  readonly lapsedHeading: string
  readonly lapsed: string
  readonly answeredHeading: string
  readonly answered: string
  readonly failedHeading: string
  readonly failed: string
  readonly signInFailed: string
  readonly tryAgain: string
}

const en: Words = {
  otherLanguage: '简体中文',
  heading: (partner) => `${partner} asks for some of your data`,
  lead: (partner) => `Nothing is shared unless you agree. You may give ${partner} less than it asks for.`,
  why: 'Why',
  purpose: 'Purpose',
  notice: 'What this means',
  recipient: 'Who asks',
  howOften: 'How often',
  recurring: (most) => (most === undefined ? 'As often as needed' : `At most ${most} times a day`),
  once: 'Once',
  kept: 'Kept for',
  keptDays: (days) => (days === 1 ? '1 day after it was read' : `${days} days after it was read`),
  what: 'What you share',
  whatLead: 'Take out what you do not want to share. Where there is a choice, you may share it less exactly.',
  share: (label) => `Share: ${label}`,
  howExactly: (label) => `How exactly: ${label}`,
  granularity: { exact: 'Exact value', band: 'Range only', flag: 'Yes or no only' },
  nothingKnown: 'nothing is known about you here yet',
  yes: 'yes',
  no: 'no',
  atLeast: (bound) => `at least ${bound}`,
  oneOf: (values) => `one of ${values}`,
  link: (partner, reference) => `${partner} may join this to what it knows of you as “${reference}”`,
  referenceTaken:
    'Whoever asks knows another customer by this name already. Take that out to agree without it, or refuse.',
  border: 'Outside the country',
  borderLead: (partner, place) =>
    `${partner} is in ${place}. What you share is read there, where other laws hold and other authorities may ask for it. This needs your agreement by itself: without it you cannot share anything with ${partner}.`,
  borderTick: (place) => `My data may go to ${place}`,
  tickBorder: 'To share your data outside the country, tick that it may go there. Otherwise refuse.',
  howLong: 'How long',
  until: 'It ends by itself',
  asAsked: (date) => `on ${date}, as asked`,
  forDays: (days, date) => (days === 1 ? `in 1 day, on ${date}` : `in ${days} days, on ${date}`),
  replaces: 'You agreed to something for this purpose before. If you agree now, this takes its place.',
  agree: 'Agree and share',
  refuse: 'Refuse',
  endAnyTime: 'You can end this at any time in your broker’s app. It counts at once.',
  chooseOne: 'Choose at least one thing to share, or refuse.',
  changed: 'Something on this page has changed since you opened it. Please look at it once more.',
  signInHeading: (partner) => `${partner} asks for some of your data`,
  signInLead: 'Sign in with your brokerage account to see what is asked for and to decide. Signing in shares nothing.',
  signIn: 'Sign in',
  developmentLead: 'Development only: whoever opens this page on this machine may be any customer.',
  sandboxLead: 'The partner is in the sandbox: its engineers sign in here as one of its synthetic customers.',
  accountKey: 'Account key',
  noSuchAccount: 'There is no customer with this account key.',
  refusedHeading: 'You refused. Nothing is shared.',
  agreedHeading: 'You agreed',
  backTo: (partner) => `Go back to ${partner}`,
  goingBack: (partner) => `You are being taken back to ${partner}.`,
  lapsedHeading: 'This request has lapsed',
  lapsed: 'It was not answered in time. Nothing is shared. Whoever sent you here can ask again.',
  answeredHeading: 'This request was answered already',
  answered: 'You see what you share, and end it, in your broker’s app.',
  failedHeading: 'This did not work',
  failed:
    'The request is not known here, or has lapsed. Nothing is shared. Go back to where you came from and start again.',
  signInFailed: 'Signing in did not work. Nothing is shared.',
  tryAgain: 'Try again',
}

const zh: Words = {
  otherLanguage: 'English',
  heading: (partner) => `${partner} 申请获取您的部分数据`,
  lead: (partner) => `未经您同意，不会共享任何数据。您也可以只向 ${partner} 提供其中一部分。`,
  why: '用途说明',
  purpose: '用途',
  notice: '这意味着什么',
  recipient: '申请方',
  howOften: '读取频率',
  recurring: (most) => (most === undefined ? '按需读取' : `每天最多 ${most} 次`),
  once: '仅一次',
  kept: '保存期限',
  keptDays: (days) => `读取后 ${days} 天`,
  what: '您将共享的内容',
  whatLead: '不想共享的内容请取消勾选。有选项时，您可以选择更粗略的方式。',
  share: (label) => `共享：${label}`,
  howExactly: (label) => `精确程度：${label}`,
  granularity: { exact: '精确值', band: '仅区间', flag: '仅是或否' },
  nothingKnown: '目前没有您的这项数据',
  yes: '是',
  no: '否',
  atLeast: (bound) => `不低于 ${bound}`,
  oneOf: (values) => `属于 ${values}`,
  link: (partner, reference) => `允许 ${partner} 将其与您在该处的“${reference}”关联`,
  referenceTaken: '申请方已用该名称指代另一位客户。请取消该关联后再同意，或者拒绝。',
  border: '向境外提供',
  borderLead: (partner, place) =>
    `${partner} 位于境外（${place}）。您共享的数据将在当地被读取，适用当地法律，当地机构也可能依法调取。此事项需要您单独同意，否则无法向 ${partner} 共享任何数据。`,
  borderTick: (place) => `我单独同意将我的数据提供至境外（${place}）`,
  tickBorder: '如需向境外共享数据，请勾选单独同意；否则请拒绝。',
  howLong: '有效期',
  until: '到期自动失效',
  asAsked: (date) => `${date}（按申请）`,
  forDays: (days, date) => `${days} 天后，${date}`,
  replaces: '您此前已就此用途作出过授权。若现在同意，将以本次为准。',
  agree: '同意并共享',
  refuse: '拒绝',
  endAnyTime: '您可以随时在券商应用中撤回，立即生效。',
  chooseOne: '请至少选择一项要共享的内容，或者拒绝。',
  changed: '此页面打开后内容有变化，请再次确认。',
  signInHeading: (partner) => `${partner} 申请获取您的部分数据`,
  signInLead: '请使用您的券商账户登录，查看申请内容并作出决定。登录本身不会共享任何数据。',
  signIn: '登录',
  developmentLead: '仅供开发：在本机打开此页面的人可以扮演任意客户。',
  sandboxLead: '该合作方处于沙箱：其工程师在此以其合成客户之一登录。',
  accountKey: '账户标识',
  noSuchAccount: '没有使用此账户标识的客户。',
  refusedHeading: '您已拒绝，未共享任何数据。',
  agreedHeading: '您已同意',
  backTo: (partner) => `返回 ${partner}`,
  goingBack: (partner) => `正在带您返回 ${partner}。`,
  lapsedHeading: '此申请已失效',
  lapsed: '未在规定时间内答复，未共享任何数据。申请方可以重新发起。',
  answeredHeading: '此申请已经答复过',
  answered: '您可以在券商应用中查看和撤回已共享的内容。',
  failedHeading: '未能完成',
  failed: '找不到此申请，或申请已失效。未共享任何数据。请返回来处重新开始。',
  signInFailed: '登录未成功，未共享任何数据。',
  tryAgain: '重试',
}

/** The words of each language. */
export const WORDS: Readonly<Record<Language, Words>> = { en, 'zh-CN': zh }
