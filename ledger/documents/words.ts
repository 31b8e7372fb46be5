import type { DisputeStatus } from '../disputes/dispute.ts'
import type { StatementStatus } from '../settlement/statement.ts'
import type { Language } from '../splits/explain/words.ts'

/** What stands on a statement beside its numbers, in one language. */
export type Words = {
  readonly title: string
  readonly labels: Readonly<Record<Label, string>>
  readonly status: Readonly<Record<StatementStatus, string>>
  readonly dispute: Readonly<Record<DisputeStatus, string>>
  /** Page x of y. */
  readonly page: (page: number, of: number) => string
  readonly withTotal: (month: string) => string
  /** What is said of lines that are not on paper. */
  readonly more: (shown: number, of: number) => string
  readonly hidden: (hidden: number) => string
  readonly proof: (seq: number, size: number, origin: string) => string
  readonly whole: string
  readonly adjustment: string
}

type Label =
  | 'number'
  | 'month'
  | 'issuedAt'
  | 'partner'
  | 'programme'
  | 'agreement'
  | 'terms'
  | 'asset'
  | 'status'
  | 'disputeUntil'
  | 'settlement'
  | 'payment'
  | 'opening'
  | 'adjusted'
  | 'corrected'
  | 'earned'
  | 'holdback'
  | 'released'
  | 'clawbacks'
  | 'balance'
  | 'payout'
  | 'closing'
  | 'owed'
  | 'vat'
  | 'withholding'
  | 'transfer'
  | 'held'
  | 'disputed'
  | 'rules'
  | 'lines'
  | 'rule'
  | 'explanation'
  | 'lineCount'
  | 'amount'
  | 'line'
  | 'contribution'
  | 'disputes'
  | 'disputedParts'
  | 'reason'
  | 'answer'
  | 'proof'
  | 'record'
  | 'root'
  | 'hash'
  | 'notSealed'
  | 'none'

const ENGLISH: Words = {
  title: 'Partner statement',
  labels: {
    number: 'Statement',
    month: 'Month',
    issuedAt: 'Issued',
    partner: 'Partner',
    programme: 'Programme',
    agreement: 'Agreement',
    terms: 'Terms version',
    asset: 'Currency',
    status: 'Status',
    disputeUntil: 'May be disputed until before',
    settlement: 'Settlement',
    payment: 'Payment',
    opening: 'Opening balance',
    adjusted: 'Adjustments by hand',
    corrected: 'Corrections of earlier months, upwards',
    earned: 'Earned',
    holdback: 'Held back',
    released: 'Released from earlier holdbacks',
    clawbacks: 'Clawed back: corrections of earlier months, downwards',
    balance: 'Balance',
    payout: 'Payout before tax',
    closing: 'Closing balance, carried forward',
    owed: 'Closing balance, owed by the partner',
    vat: 'Value added tax',
    withholding: 'Tax withheld',
    transfer: 'Transfer',
    held: 'Held back in all after this month',
    disputed: 'Of the payout, before tax: held while disputed',
    rules: 'What each rule gave',
    lines: 'Lines',
    rule: 'No.',
    explanation: 'Explanation',
    lineCount: 'Lines',
    amount: 'Amount',
    line: 'Line',
    contribution: 'Contribution',
    disputes: 'Disputes',
    disputedParts: 'About',
    reason: 'Reason',
    answer: 'Answer',
    proof: 'Proof',
    record: 'Record',
    root: 'Root of the log',
    hash: 'SHA-256',
    notSealed: 'The record of this statement is not sealed in the log yet: take the statement again in a minute.',
    none: 'Nothing was earned or taken in this month.',
  },
  status: {
    DRAFT: 'Draft',
    ISSUED: 'Issued',
    ACCEPTED: 'Accepted',
    DISPUTED: 'Disputed',
    SUPERSEDED: 'Superseded',
  },
  dispute: { OPEN: 'Open', UPHELD: 'Upheld', REJECTED: 'Rejected', WITHDRAWN: 'Withdrawn' },
  page: (page, of) => `Page ${page} of ${of}`,
  withTotal: (month) => `Earned in ${month}`,
  more: (shown, of) => `The first ${shown} of ${of} lines are printed here; the CSV and JSON files go on.`,
  hidden: (hidden) =>
    `${hidden === 1 ? '1 line is' : `${hidden} lines are`} not shown, because no customer’s consent for settlement covers ` +
    `${hidden === 1 ? 'it' : 'them'}: ${hidden === 1 ? 'it is' : 'they are'} in the total and the commitment of the rule.`,
  proof: (seq, size, origin) =>
    `This statement is record ${seq} of the log ${origin}. The signed checkpoint of ${size} records covers it. ` +
    'Whoever has the record and that checkpoint can check it without us.',
  whole: 'The whole statement',
  adjustment: 'An adjustment was proposed; it counts once a second person approves it.',
}

const CHINESE: Words = {
  title: '合作伙伴结算单',
  labels: {
    number: '结算单编号',
    month: '结算月份',
    issuedAt: '出具时间',
    partner: '合作伙伴',
    programme: '合作计划',
    agreement: '协议',
    terms: '条款版本',
    asset: '币种',
    status: '状态',
    disputeUntil: '异议截止时间',
    settlement: '结算',
    payment: '付款',
    opening: '期初余额',
    adjusted: '人工调整',
    corrected: '以前月份更正（调增）',
    earned: '本期收益',
    holdback: '暂扣款',
    released: '以前暂扣款释放',
    clawbacks: '追回：以前月份更正（调减）',
    balance: '余额',
    payout: '应付金额（税前）',
    closing: '期末余额（结转）',
    owed: '期末余额（合作伙伴欠款）',
    vat: '增值税',
    withholding: '代扣税款',
    transfer: '转账金额',
    held: '本月后暂扣款合计',
    disputed: '其中有异议、暂缓支付（税前）',
    rules: '各规则收益',
    lines: '明细',
    rule: '序号',
    explanation: '说明',
    lineCount: '行数',
    amount: '金额',
    line: '行',
    contribution: '贡献',
    disputes: '异议',
    disputedParts: '范围',
    reason: '理由',
    answer: '答复',
    proof: '存证',
    record: '记录编号',
    root: '日志根哈希',
    hash: 'SHA-256',
    notSealed: '本结算单的记录尚未封存入日志：请于一分钟后重新获取。',
    none: '本月无收益，亦无追回。',
  },
  status: {
    DRAFT: '草稿',
    ISSUED: '已出具',
    ACCEPTED: '已确认',
    DISPUTED: '有异议',
    SUPERSEDED: '已作废',
  },
  dispute: { OPEN: '处理中', UPHELD: '成立', REJECTED: '不成立', WITHDRAWN: '已撤回' },
  page: (page, of) => `第 ${page} 页，共 ${of} 页`,
  withTotal: (month) => `${month} 当月收益`,
  more: (shown, of) => `共 ${of} 行，此处列示前 ${shown} 行；其余见 CSV 与 JSON 文件。`,
  hidden: (hidden) => `另有 ${hidden} 行因无客户的结算用途授权而不予列示：已计入规则合计及其承诺值。`,
  proof: (seq, size, origin) =>
    `本结算单为日志 ${origin} 的第 ${seq} 条记录，已由 ${size} 条记录的签名检查点覆盖。` +
    '持有该记录与检查点者，无需经由我方即可自行核验。',
  whole: '整张结算单',
  adjustment: '已提出调整，经第二人批准后生效。',
}

/** The words of a statement in a language. */
export function wordsIn(language: Language): Words {
  return language === 'en' ? ENGLISH : CHINESE
}
