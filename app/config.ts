import { isIP } from 'node:net'
import path from 'node:path'
import { z } from 'zod'
import type { AlarmSettings } from '../customers/alarms/alarm-settings.ts'
import {
  DEFAULT_ACCOUNT_CHANGE_HOLD_HOURS,
  DEFAULT_RECONCILIATION,
  DEFAULT_TAG_CIPHER,
  type ReconciliationSettings,
  TAG_CIPHERS,
  type TagCipher,
} from '../database/context.ts'
import type { QuotaSettings } from '../gateway/limits/quotas.ts'
import { Fault } from '../kernel/fault.ts'
import { ALARM_SETTINGS, alarmsOf } from './config/alarm-settings.ts'
import { MAIL_SETTINGS, type MailConfig, mailFaults, mailFrom } from './config/mail-settings.ts'
import { QUOTA_SETTINGS, quotasFrom } from './config/quota-settings.ts'

/** One setting of the environment: its parser, its default as text, and what it is for. */
type Setting = { readonly schema: z.ZodType; readonly fallback: string; readonly about: string }

const whole = (least: number, most: number): z.ZodType => z.coerce.number().int().min(least).max(most)
const origin = z.string().refine((text) => /^https?:/.test(text) && URL.parse(text)?.origin === text, {
  error: 'a scheme, a host and perhaps a port, such as https://api.example.com',
})
const databaseUrl = z.string().refine((text) => text === '' || /^postgres(ql)?:\/\//.test(text), {
  error: 'an address such as postgres://user@host/database',
})
const masterKey = z.string().refine((text) => text === '' || Buffer.from(text, 'base64').length === 32, {
  error: '32 bytes in base64',
})
const httpsUrl = z.string().refine((text) => text === '' || URL.parse(text)?.protocol === 'https:', {
  error: 'an https address',
})

const nodeUrl = z.string().refine((text) => text === '' || /^https?:$/.test(URL.parse(text)?.protocol ?? ''), {
  error: 'an http or https address',
})
const proxies = z.string().refine((text) => text === '' || text.split(',').every(isProxy), {
  error: 'addresses or networks with commas between them, such as 10.1.0.4,10.2.0.0/16',
})
const contractAddress = z.string().regex(/^(0x[0-9a-fA-F]{40})?$/, '0x and 40 hexadecimal digits')
const wholeDigits = z.string().regex(/^[1-9][0-9]{0,14}$/, 'a whole number')
const accountKey = z.string().regex(/^(0x[0-9a-fA-F]{64})?$/, '0x and 64 hexadecimal digits')

/** Every setting there is. An empty text is the same as none. */
export const SETTINGS = {
  PORT: { schema: whole(0, 65_535), fallback: '4000', about: 'port of the HTTP server; 0 takes any free one' },
  TRIBUTARY_HOST: { schema: z.string(), fallback: '127.0.0.1', about: 'address on which the HTTP server listens' },
  TRIBUTARY_ORIGIN: {
    schema: z.union([z.literal(''), origin]),
    fallback: '',
    about: 'how the world reaches us; http://localhost:PORT when empty',
  },
  TRIBUTARY_NAME: {
    schema: z.string().trim().min(1).max(200),
    fallback: 'Tributary',
    about: 'name of the house that issues statements, as it stands on top of them',
  },
  DATABASE_URL: { schema: databaseUrl, fallback: '', about: 'a PostgreSQL server; the embedded one when empty' },
  TRIBUTARY_DATA_DIR: {
    schema: z.string().min(1),
    fallback: '.data',
    about: 'folder of the embedded database and secrets',
  },
  TRIBUTARY_MASTER_KEY: {
    schema: masterKey,
    fallback: '',
    about: '32 bytes in base64; made and kept in the data folder when empty',
  },
  TRIBUTARY_IDENTITY_ISSUER: { schema: httpsUrl, fallback: '', about: "issuer of the broker's identity provider" },
  TRIBUTARY_IDENTITY_JWKS: { schema: httpsUrl, fallback: '', about: 'address of its keys (JWKS)' },
  TRIBUTARY_IDENTITY_CLIENT_ID: {
    schema: z.string(),
    fallback: '',
    about: 'as which client customers sign in there; without it no partner can ask them for a consent',
  },
  TRIBUTARY_IDENTITY_CLIENT_SECRET: {
    schema: z.string(),
    fallback: '',
    about: 'secret of that client; none when empty (PKCE protects the code in any case)',
  },
  TRIBUTARY_DEVELOPMENT_ISSUER: {
    schema: z.enum(['auto', 'on', 'off']),
    fallback: 'auto',
    about: 'tokens for people made here; auto: on when the origin is this machine and there is no identity provider',
  },
  TRIBUTARY_CLIENT_CERT_HEADER: {
    schema: z.string().regex(/^([A-Za-z][A-Za-z0-9-]{0,63})?$/, 'the name of a header, such as client-cert'),
    fallback: '',
    about: "header in which a proxy passes clients' certificates (RFC 9440, or PEM percent-encoded); none when empty",
  },
  TRIBUTARY_CLIENT_CERT_PROXIES: {
    schema: proxies,
    fallback: '',
    about: 'addresses of the proxies that may set it, with commas between them, such as 10.1.0.4,10.2.0.0/16',
  },
  TRIBUTARY_TAG_CIPHER: {
    schema: z.enum(TAG_CIPHERS),
    fallback: DEFAULT_TAG_CIPHER,
    about: 'how the next key seals values of sensitive tags: AES-256-GCM, or SM4 with HMAC-SM3',
  },
  TRIBUTARY_WEBHOOKS_PRIVATE: {
    schema: z.enum(['on', 'off']),
    fallback: 'off',
    about: 'lets webhooks go to private addresses and by http; for development, beside the development issuer alone',
  },
  TRIBUTARY_TRUSTED_PROXIES: {
    schema: proxies,
    fallback: '',
    about: 'addresses of the proxies whose X-Forwarded-For says where a request comes from, with commas between them',
  },
  TRIBUTARY_POOL_SIZE: { schema: whole(2, 200), fallback: '10', about: 'connections of each database pool' },
  TRIBUTARY_LOG_LEVEL: {
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
    fallback: 'info',
    about: 'least severe message that is logged',
  },
  TRIBUTARY_SHUTDOWN_SECONDS: {
    schema: whole(0, 300),
    fallback: '10',
    about: 'how long open requests may take to end',
  },
  TRIBUTARY_ANCHOR_RPC: {
    schema: nodeUrl,
    fallback: '',
    about: "address of a chain's node; the log is not anchored when empty",
  },
  TRIBUTARY_ANCHOR_CONTRACT: {
    schema: contractAddress,
    fallback: '',
    about: 'address of the LedgerAnchor contract that keeps the anchors',
  },
  TRIBUTARY_ANCHOR_KEY: {
    schema: accountKey,
    fallback: '',
    about: 'key of the account that publishes anchors; or give a file',
  },
  TRIBUTARY_ANCHOR_KEY_FILE: { schema: z.string(), fallback: '', about: 'file that holds that key and nothing else' },
  TRIBUTARY_ANCHOR_EVERY: {
    schema: whole(1, 30 * 86_400),
    fallback: '3600',
    about: 'seconds from one anchor to the next, at least',
  },
  TRIBUTARY_ANCHOR_BUDGET_GWEI: {
    schema: wholeDigits,
    fallback: '10000000',
    about: 'the most that one transaction may cost, in gwei',
  },
  TRIBUTARY_ANCHOR_REPLACE_AFTER: {
    schema: whole(1, 86_400),
    fallback: '180',
    about: 'seconds that a transaction may wait before one that pays more takes its place',
  },
  TRIBUTARY_ANCHOR_CONFIRMATIONS: {
    schema: whole(1, 128),
    fallback: '12',
    about: 'blocks, its own included, after which an anchor is called final',
  },
  TRIBUTARY_PAYOUT_RPC: {
    schema: nodeUrl,
    fallback: '',
    about: "address of a chain's node; nothing is paid out on a chain when empty",
  },
  TRIBUTARY_PAYOUT_CONTRACT: {
    schema: contractAddress,
    fallback: '',
    about: 'address of the PayoutDistributor contract that partners claim from',
  },
  TRIBUTARY_PAYOUT_KEY: {
    schema: accountKey,
    fallback: '',
    about: 'key of the account that owns the contract and funds rounds; or give a file, or fund by hand',
  },
  TRIBUTARY_PAYOUT_KEY_FILE: { schema: z.string(), fallback: '', about: 'file that holds that key and nothing else' },
  TRIBUTARY_PAYOUT_BUDGET_GWEI: {
    schema: wholeDigits,
    fallback: '50000000',
    about: 'the most that one transaction may cost, in gwei',
  },
  TRIBUTARY_PAYOUT_CONFIRMATIONS: {
    schema: whole(1, 128),
    fallback: '12',
    about: 'blocks, its own included, after which a claim is booked',
  },
  TRIBUTARY_ACCOUNT_CHANGE_HOLD_HOURS: {
    schema: whole(0, 8760),
    fallback: `${DEFAULT_ACCOUNT_CHANGE_HOLD_HOURS}`,
    about: 'hours for which nothing is paid to a bank account that takes the place of another one',
  },
  TRIBUTARY_BANK_TOLERANCE: {
    schema: wholeDigits,
    fallback: `${DEFAULT_RECONCILIATION.toleranceMinor}`,
    about: 'the largest difference to a bank that two persons may write off, in minor units',
  },
  TRIBUTARY_BANK_MISSING_DAYS: {
    schema: whole(1, 90),
    fallback: `${DEFAULT_RECONCILIATION.missingDays}`,
    about: 'days after which a payout that was sent and that no bank entry came for is a break',
  },
  TRIBUTARY_PAYOUT_SILENT_DAYS: {
    schema: whole(0, 3650),
    fallback: '10',
    about: 'days after which a payout that was sent and of which no bank entry speaks is UNKNOWN; 0 for never',
  },
  TRIBUTARY_RATING_FILE: {
    schema: z.string(),
    fallback: '',
    about: 'file of JSON that says how partners are rated, docs/rating.md; as the code says when empty',
  },
  ...ALARM_SETTINGS,
  ...MAIL_SETTINGS,
  ...QUOTA_SETTINGS,
} as const satisfies Readonly<Record<string, Setting>>

/** The settings in force. */
export type Config = {
  readonly port: number
  readonly host: string
  readonly origin: string
  /** Of the house, as it stands on statements. */
  readonly name: string
  readonly databaseUrl: string | undefined
  readonly dataDir: string
  readonly masterKey: Uint8Array | undefined
  readonly identity: IdentityConfig | undefined
  readonly developmentIssuer: boolean
  /** Where clients' certificates come from; absent where none do. */
  readonly clientCertificates: { readonly header: string; readonly proxies: readonly string[] } | undefined
  /** Whether webhooks may go to private addresses, and by http. */
  readonly privateWebhooks: boolean
  /** Proxies whose word counts for where a request comes from. */
  readonly trustedProxies: readonly string[]
  readonly quotas: QuotaSettings
  readonly poolSize: number
  readonly logLevel: string
  readonly shutdownSeconds: number
  /** Absent when there is no chain to anchor on. */
  readonly anchor: AnchorConfig | undefined
  /** Absent when nothing is paid out on a chain. */
  readonly payout: PayoutConfig | undefined
  readonly accountChangeHoldHours: number
  readonly reconciliation: ReconciliationSettings
  readonly tagCipher: TagCipher
  /** 0 for never. */
  readonly payoutSilentDays: number
  readonly alarms: AlarmSettings
  /** Absent where mails are laid into a folder. */
  readonly mail: MailConfig | undefined
  /** How partners are rated; absent where the code says it. */
  readonly ratingFile: string | undefined
}

/** The broker's identity provider, and as whom customers sign in there. */
type IdentityConfig = {
  readonly issuer: string
  readonly jwks: string
  readonly signIn: { readonly clientId: string; readonly clientSecret?: string } | undefined
}

/** How a contract of ours is reached on a chain. */
type ChainAccess = {
  readonly rpcUrl: string
  /** Absent until the contract is deployed. */
  readonly contract: string | undefined
  /** Absent when an embedding program signs, or when the contract is only to be read. */
  readonly key: KeySource | undefined
}

export type KeySource = { readonly text: string } | { readonly file: string }

/** Where partners claim what they are paid, and how that is paid in. */
export type PayoutConfig = ChainAccess & { readonly budgetWei: bigint; readonly confirmations: number }

/** Where and how the log is anchored. */
export type AnchorConfig = ChainAccess & {
  readonly policy: {
    readonly everySeconds: number
    readonly budgetWei: bigint
    readonly replaceAfterSeconds: number
    readonly confirmations: number
  }
}

/** Reads the environment. Throws `CONFIG_INVALID` that names every fault at once, never a value. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = []
  const read = (name: keyof typeof SETTINGS): string => {
    const text = environment[name] || SETTINGS[name].fallback
    const parsed = SETTINGS[name].schema.safeParse(text)
    if (!parsed.success) faults.push(`${name}: ${parsed.error.issues[0]?.message ?? 'not understood'}`)
    return text
  }
  const config = configOf(read)
  const [issuer, jwks] = [read('TRIBUTARY_IDENTITY_ISSUER'), read('TRIBUTARY_IDENTITY_JWKS')]
  if ((issuer === '') !== (jwks === ''))
    faults.push('TRIBUTARY_IDENTITY_ISSUER and TRIBUTARY_IDENTITY_JWKS go together')
  faults.push(...signInFaults(read))
  if ((read('TRIBUTARY_CLIENT_CERT_HEADER') === '') !== (read('TRIBUTARY_CLIENT_CERT_PROXIES') === ''))
    faults.push('TRIBUTARY_CLIENT_CERT_HEADER and TRIBUTARY_CLIENT_CERT_PROXIES go together')
  if (config.privateWebhooks && !config.developmentIssuer)
    faults.push('TRIBUTARY_WEBHOOKS_PRIVATE: it goes with the development issuer alone')
  faults.push(...mailFaults(read))
  faults.push(...chainFaults(read, 'ANCHOR'), ...chainFaults(read, 'PAYOUT'))
  if (faults.length > 0) throw new Fault('CONFIG_INVALID', [...new Set(faults)].join('\n'))
  return config
}

type Read = (name: keyof typeof SETTINGS) => string

function signInFaults(read: Read): readonly string[] {
  const needs = [
    ['TRIBUTARY_IDENTITY_CLIENT_ID', 'TRIBUTARY_IDENTITY_ISSUER'],
    ['TRIBUTARY_IDENTITY_CLIENT_SECRET', 'TRIBUTARY_IDENTITY_CLIENT_ID'],
  ] as const
  return needs.flatMap(([name, other]) =>
    read(name) !== '' && read(other) === '' ? [`${name}: it needs ${other}`] : [],
  )
}

/** Which contract's settings. */
type Part = 'ANCHOR' | 'PAYOUT'

function chainFaults(read: Read, part: Part): readonly string[] {
  const given = (name: keyof typeof SETTINGS): boolean => read(name) !== ''
  const withoutNode = (['CONTRACT', 'KEY', 'KEY_FILE'] as const)
    .map((member) => `TRIBUTARY_${part}_${member}` as const)
    .filter((name) => given(name) && !given(`TRIBUTARY_${part}_RPC`))
    .map((name) => `${name}: it needs TRIBUTARY_${part}_RPC`)
  const both = given(`TRIBUTARY_${part}_KEY`) && given(`TRIBUTARY_${part}_KEY_FILE`)
  return both
    ? [...withoutNode, `TRIBUTARY_${part}_KEY and TRIBUTARY_${part}_KEY_FILE exclude each other`]
    : withoutNode
}

function chainOf(read: Read, part: Part): ChainAccess | undefined {
  const [rpcUrl, text, file] = [
    read(`TRIBUTARY_${part}_RPC`),
    read(`TRIBUTARY_${part}_KEY`),
    read(`TRIBUTARY_${part}_KEY_FILE`),
  ]
  const fileKey = file === '' ? undefined : { file: path.resolve(file) }
  const contract = read(`TRIBUTARY_${part}_CONTRACT`) || undefined
  return rpcUrl === '' ? undefined : { rpcUrl, contract, key: text === '' ? fileKey : { text } }
}

function anchorOf(read: Read): AnchorConfig | undefined {
  const access = chainOf(read, 'ANCHOR')
  const policy = {
    everySeconds: Number(read('TRIBUTARY_ANCHOR_EVERY')),
    budgetWei: weiOf(read('TRIBUTARY_ANCHOR_BUDGET_GWEI')),
    replaceAfterSeconds: Number(read('TRIBUTARY_ANCHOR_REPLACE_AFTER')),
    confirmations: Number(read('TRIBUTARY_ANCHOR_CONFIRMATIONS')),
  }
  return access && { ...access, policy }
}

function payoutOf(read: Read): PayoutConfig | undefined {
  const access = chainOf(read, 'PAYOUT')
  const budgetWei = weiOf(read('TRIBUTARY_PAYOUT_BUDGET_GWEI'))
  const confirmations = Number(read('TRIBUTARY_PAYOUT_CONFIRMATIONS'))
  return access && { ...access, budgetWei, confirmations }
}

/** 0 for what is no number: the setting's own parser has reported it. */
function weiOf(gwei: string): bigint {
  return wholeDigits.safeParse(gwei).success ? BigInt(gwei) * 1_000_000_000n : 0n
}

function configOf(read: Read): Config {
  const port = Number(read('PORT'))
  const reached = read('TRIBUTARY_ORIGIN') || `http://localhost:${port}`
  const issuer = read('TRIBUTARY_IDENTITY_ISSUER')
  const development = read('TRIBUTARY_DEVELOPMENT_ISSUER')
  const key = read('TRIBUTARY_MASTER_KEY')
  return {
    port,
    host: read('TRIBUTARY_HOST'),
    origin: reached,
    name: read('TRIBUTARY_NAME').trim(),
    databaseUrl: read('DATABASE_URL') || undefined,
    dataDir: path.resolve(read('TRIBUTARY_DATA_DIR')),
    masterKey: key === '' ? undefined : Buffer.from(key, 'base64'),
    identity: identityOf(read),
    clientCertificates: certificatesOf(read),
    developmentIssuer: development === 'on' || (development === 'auto' && issuer === '' && isThisMachine(reached)),
    privateWebhooks: read('TRIBUTARY_WEBHOOKS_PRIVATE') === 'on',
    trustedProxies: listIn(read('TRIBUTARY_TRUSTED_PROXIES')),
    quotas: quotasFrom(read),
    poolSize: Number(read('TRIBUTARY_POOL_SIZE')),
    logLevel: read('TRIBUTARY_LOG_LEVEL'),
    shutdownSeconds: Number(read('TRIBUTARY_SHUTDOWN_SECONDS')),
    anchor: anchorOf(read),
    payout: payoutOf(read),
    accountChangeHoldHours: Number(read('TRIBUTARY_ACCOUNT_CHANGE_HOLD_HOURS')),
    reconciliation: {
      toleranceMinor: BigInt(read('TRIBUTARY_BANK_TOLERANCE')),
      missingDays: Number(read('TRIBUTARY_BANK_MISSING_DAYS')),
    },
    tagCipher: TAG_CIPHERS.find((one) => one === read('TRIBUTARY_TAG_CIPHER')) ?? DEFAULT_TAG_CIPHER,
    payoutSilentDays: Number(read('TRIBUTARY_PAYOUT_SILENT_DAYS')),
    alarms: alarmsOf(read),
    mail: mailFrom(read),
    ratingFile: read('TRIBUTARY_RATING_FILE') === '' ? undefined : path.resolve(read('TRIBUTARY_RATING_FILE')),
  }
}

function certificatesOf(read: Read): Config['clientCertificates'] {
  const header = read('TRIBUTARY_CLIENT_CERT_HEADER')
  return header === '' ? undefined : { header, proxies: listIn(read('TRIBUTARY_CLIENT_CERT_PROXIES')) }
}

function listIn(text: string): readonly string[] {
  return text === '' ? [] : text.split(',')
}

function isProxy(text: string): boolean {
  const [address = '', bits = '0', ...more] = text.split('/')
  const most = isIP(address) === 6 ? 128 : 32
  return isIP(address) !== 0 && /^[0-9]{1,3}$/.test(bits) && Number(bits) <= most && more.length === 0
}

function identityOf(read: Read): IdentityConfig | undefined {
  const [issuer, clientId] = [read('TRIBUTARY_IDENTITY_ISSUER'), read('TRIBUTARY_IDENTITY_CLIENT_ID')]
  const clientSecret = read('TRIBUTARY_IDENTITY_CLIENT_SECRET')
  const signIn = clientId === '' ? undefined : { clientId, ...(clientSecret !== '' && { clientSecret }) }
  return issuer === '' ? undefined : { issuer, jwks: read('TRIBUTARY_IDENTITY_JWKS'), signIn }
}

function isThisMachine(origin: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(URL.parse(origin)?.hostname ?? '')
}
