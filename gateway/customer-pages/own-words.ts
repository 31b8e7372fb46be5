import type { ConsentStatus, LifeStatus, Mover } from '../../customers/consent.ts'
import type { Language } from '../consent-pages/language.ts'

/** What the customer's own pages say, save what the catalogue says and what the consent page says the same. */
export type OwnWords = {
  readonly signInTitle: string
  readonly signInLead: string
  readonly sessionOver: string
  readonly mine: string
  readonly reads: string
  readonly signOut: string
  readonly left: (partner: string, date: string) => string
  readonly present: string
  readonly past: string
  readonly none: string
  readonly older: string
  readonly status: Readonly<Record<LifeStatus, string>>
  readonly mover: Readonly<Record<Mover, string>>
  readonly title: (partner: string) => string
  readonly shared: string
  readonly state: string
  readonly given: string
  readonly until: string
  readonly ended: string
  readonly copy: string
  readonly copyTold: string
  readonly copyHeard: string
  readonly copyDue: string
  readonly copyDeleted: string
  readonly copyOverdue: (date: string) => string
  readonly amended: string
  readonly border: string
  readonly narrow: string
  readonly narrowLead: string
  readonly narrowDo: string
  readonly unchanged: string
  readonly chooseOne: string
  readonly asItIs: (date: string) => string
  readonly pause: string
  readonly pauseLead: string
  readonly resume: string
  readonly pausedByUs: string
  readonly end: string
  readonly endLead: string
  readonly endPartner: (partner: string) => string
  readonly endAll: string
  readonly endTitle: string
  readonly endWhat: string
  readonly endNothing: string
  readonly endTick: string
  readonly endDo: string
  readonly tickFirst: string
  readonly steps: string
  readonly receipt: string
  readonly receiptTitle: string
  readonly receiptLead: string
  readonly receiptSave: string
  readonly readsOf: (partner: string) => string
  readonly readsLead: string
  readonly noReads: string
  readonly nothingRead: string
  readonly everyone: string
  readonly looks: string
  readonly looksLead: string
  readonly toConsent: string
  readonly recommendations: string
  readonly recommendationsOn: string
  readonly recommendationsOff: string
  readonly switchOn: string
  readonly switchOff: string
  readonly back: string
  readonly failedTitle: string
  readonly failed: (status: number) => string
}

const STATUS: Readonly<Record<Language, OwnWords['status']>> = {
  en: {
    AWAITING: 'Asked for',
    REJECTED: 'Refused',
    LAPSED: 'Not answered in time',
    AUTHORISED: 'Counts',
    SUSPENDED: 'Paused',
    CONSUMED: 'Used once, as agreed',
    EXPIRED: 'Ended: its time was over',
    REVOKED: 'Ended by you or for you',
    SUPERSEDED: 'Replaced by another',
  },
  'zh-CN': {
    AWAITING: '待您答复',
    REJECTED: '已拒绝',
    LAPSED: '未及时答复',
    AUTHORISED: '有效',
    SUSPENDED: '已暂停',
    CONSUMED: '已按约使用一次',
    EXPIRED: '已到期',
    REVOKED: '已撤回或终止',
    SUPERSEDED: '已被新授权取代',
  },
}

const en: OwnWords = {
  signInTitle: 'Your data, and who may see it',
  signInLead: 'Sign in with your brokerage account to see what you share, who read it, and to end it.',
  sessionOver: 'You were signed out. Nothing was changed: sign in and do it once more.',
  mine: 'My consents',
  reads: 'Who read what',
  signOut: 'Sign out',
  left: (partner, date) =>
    `${partner} leaves: what you shared with it ended on ${date}. It has to delete what it read; below you find by when, and whether it says so.`,
  present: 'Now',
  past: 'Past',
  none: 'There is none.',
  older: 'Older',
  status: STATUS.en,
  mover: {
    ...{ CUSTOMER: 'you', PARTNER: 'the partner', COMPLIANCE: 'the broker', CLOCK: 'time', READ: 'the one read' },
    PARTNER_EXIT: 'the partner leaves',
  },
  title: (partner) => `What you share with ${partner}`,
  shared: 'What',
  state: 'How it stands',
  given: 'Given',
  until: 'Until',
  ended: 'Ended',
  copy: 'What the partner had read',
  copyTold: 'Told of the end',
  copyHeard: 'Said that it had heard',
  copyDue: 'To be deleted by',
  copyDeleted: 'Says that it deleted it',
  copyOverdue: (date) => `${date}: overdue`,
  amended: 'Takes the place of',
  border: 'May go to',
  narrow: 'Share less',
  narrowLead:
    'Take things out, share them less exactly, or for a shorter time. To share more, the partner asks you again.',
  narrowDo: 'Share only this',
  unchanged: 'Nothing was taken away: change something first.',
  chooseOne: 'Everything was taken out. To share nothing, end the consent below.',
  asItIs: (date) => `as it is: ${date}`,
  pause: 'Pause',
  pauseLead: 'While it is paused nothing can be read. You can let it count again at any time.',
  resume: 'Let it count again',
  pausedByUs: 'Your broker has paused this consent, and alone lets it count again. You can end it.',
  end: 'End this consent',
  endLead: 'It counts at once: no read that begins afterwards sees anything. It cannot be undone.',
  endPartner: (partner) => `End everything shared with ${partner}`,
  endAll: 'End everything shared with anybody',
  endTitle: 'End several consents',
  endWhat: 'These consents end, at once and for good:',
  endNothing: 'Nothing is shared, so there is nothing to end.',
  endTick: 'I want all of these to end',
  endDo: 'End them',
  tickFirst: 'Tick that you want all of these to end.',
  steps: 'What happened',
  receipt: 'Receipt',
  receiptTitle: 'Receipt',
  receiptLead: 'Your broker signed this. Whoever has the file can check it with the published keys.',
  receiptSave: 'Save the signed receipt',
  readsOf: (partner) => `What ${partner} read`,
  readsLead: 'Every read, the newest first, also those that got nothing. Times are UTC.',
  noReads: 'Nobody has read anything.',
  nothingRead: 'got nothing',
  everyone: 'Everyone',
  looks: 'Looked at by your broker',
  looksLead: 'Somebody of the staff had to look at what is known of you, for a case.',
  toConsent: 'Under this consent',
  recommendations: 'Recommendations',
  recommendationsOn: 'Products may be recommended to you.',
  recommendationsOff: 'Nothing is recommended to you.',
  switchOn: 'Switch recommendations on',
  switchOff: 'Switch recommendations off',
  back: 'To my consents',
  failedTitle: 'This did not work',
  failed: (status) =>
    EN_FAILED[status] ?? (status < 500 ? 'What was sent does not fit. Nothing was changed.' : EN_OURS),
}

const EN_OURS = 'Something is wrong on our side. Try again in a while.'
const EN_FAILED: Readonly<Record<number, string>> = {
  403: 'The form did not come from this page. Nothing was changed: open the page again.',
  404: 'There is nothing of yours here.',
  409: 'It has changed since you opened the page. Look at it once more.',
  429: 'That was too often. Try again in a minute.',
}

const zh: OwnWords = {
  signInTitle: '您的数据，以及谁可以查看',
  signInLead: '请使用您的券商账户登录，查看您共享了什么、谁读取过，并可随时撤回。',
  sessionOver: '您已退出登录，未作任何更改。请登录后重试。',
  mine: '我的授权',
  reads: '读取记录',
  signOut: '退出',
  left: (partner, date) =>
    `${partner} 已退出合作：您与其共享的内容已于 ${date} 终止。对方须删除已读取的数据，期限和声明见下方各项授权。`,
  present: '当前',
  past: '过往',
  none: '暂无。',
  older: '更早',
  status: STATUS['zh-CN'],
  mover: {
    ...{ CUSTOMER: '您', PARTNER: '合作方', COMPLIANCE: '券商', CLOCK: '到期', READ: '唯一一次读取' },
    PARTNER_EXIT: '合作方退出',
  },
  title: (partner) => `您与 ${partner} 共享的内容`,
  shared: '内容',
  state: '状态',
  given: '授权时间',
  until: '有效至',
  ended: '终止时间',
  copy: '合作方已读取的数据',
  copyTold: '已通知授权终止',
  copyHeard: '对方已确认收到',
  copyDue: '应删除期限',
  copyDeleted: '对方声明已删除',
  copyOverdue: (date) => `${date}：已逾期`,
  amended: '取代',
  border: '可提供至',
  narrow: '减少共享',
  narrowLead: '可取消部分内容、降低精确程度或缩短有效期。如需增加，由合作方重新向您申请。',
  narrowDo: '仅共享这些',
  unchanged: '没有减少任何内容，请先作出修改。',
  chooseOne: '您已取消全部内容。如不再共享，请在下方终止授权。',
  asItIs: (date) => `不变：${date}`,
  pause: '暂停',
  pauseLead: '暂停期间无法读取任何数据，您可以随时恢复。',
  resume: '恢复',
  pausedByUs: '此授权由您的券商暂停，只能由券商恢复。您可以终止它。',
  end: '终止此授权',
  endLead: '立即生效：此后开始的读取看不到任何数据。终止后不可恢复。',
  endPartner: (partner) => `终止与 ${partner} 的全部共享`,
  endAll: '终止与所有人的全部共享',
  endTitle: '终止多项授权',
  endWhat: '以下授权将立即且永久终止：',
  endNothing: '目前没有共享，无需终止。',
  endTick: '我要终止以上全部授权',
  endDo: '全部终止',
  tickFirst: '请先勾选确认终止以上全部授权。',
  steps: '经过',
  receipt: '回执',
  receiptTitle: '回执',
  receiptLead: '此回执由您的券商签名，任何持有该文件的人都可以用公布的密钥核验。',
  receiptSave: '保存签名回执',
  readsOf: (partner) => `${partner} 的读取记录`,
  readsLead: '每一次读取，最新在前，包括未得到任何数据的读取。时间为 UTC。',
  noReads: '没有人读取过任何数据。',
  nothingRead: '未得到数据',
  everyone: '全部',
  looks: '券商工作人员的查看',
  looksLead: '工作人员因处理个案而查看了您的数据。',
  toConsent: '所依据的授权',
  recommendations: '产品推荐',
  recommendationsOn: '可以向您推荐产品。',
  recommendationsOff: '不会向您推荐任何产品。',
  switchOn: '开启推荐',
  switchOff: '关闭推荐',
  back: '返回我的授权',
  failedTitle: '未能完成',
  failed: (status) => ZH_FAILED[status] ?? (status < 500 ? '提交的内容不正确，未作任何更改。' : ZH_OURS),
}

const ZH_OURS = '系统出现问题，请稍后重试。'
const ZH_FAILED: Readonly<Record<number, string>> = {
  403: '该表单并非来自本页面，未作任何更改。请重新打开页面。',
  404: '这里没有属于您的内容。',
  409: '页面打开后情况已有变化，请再次查看。',
  429: '操作过于频繁，请一分钟后重试。',
}

const OWN_WORDS: Readonly<Record<Language, OwnWords>> = { en, 'zh-CN': zh }

/** The words of a language. */
export function ownWords(language: Language): OwnWords {
  return OWN_WORDS[language]
}

/** Whether a consent can still be changed. */
export function isPresent(status: ConsentStatus): boolean {
  return status === 'AUTHORISED' || status === 'SUSPENDED'
}
