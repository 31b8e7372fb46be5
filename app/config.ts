import path from 'node:path'
import { z } from 'zod'
import { Fault } from '../kernel/fault.ts'

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

/** Every setting there is. An empty text is the same as none. */
export const SETTINGS = {
  PORT: { schema: whole(0, 65_535), fallback: '4000', about: 'port of the HTTP server; 0 takes any free one' },
  TRIBUTARY_HOST: { schema: z.string(), fallback: '127.0.0.1', about: 'address on which the HTTP server listens' },
  TRIBUTARY_ORIGIN: {
    schema: z.union([z.literal(''), origin]),
    fallback: '',
    about: 'how the world reaches us; http://localhost:PORT when empty',
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
  TRIBUTARY_DEVELOPMENT_ISSUER: {
    schema: z.enum(['auto', 'on', 'off']),
    fallback: 'auto',
    about: 'tokens for people made here; auto: on when the origin is this machine and there is no identity provider',
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
} as const satisfies Readonly<Record<string, Setting>>

/** The settings in force. */
export type Config = {
  readonly port: number
  readonly host: string
  readonly origin: string
  readonly databaseUrl: string | undefined
  readonly dataDir: string
  readonly masterKey: Uint8Array | undefined
  readonly identity: { readonly issuer: string; readonly jwks: string } | undefined
  readonly developmentIssuer: boolean
  readonly poolSize: number
  readonly logLevel: string
  readonly shutdownSeconds: number
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
  if (faults.length > 0) throw new Fault('CONFIG_INVALID', faults.join('\n'))
  return config
}

function configOf(read: (name: keyof typeof SETTINGS) => string): Config {
  const port = Number(read('PORT'))
  const reached = read('TRIBUTARY_ORIGIN') || `http://localhost:${port}`
  const issuer = read('TRIBUTARY_IDENTITY_ISSUER')
  const development = read('TRIBUTARY_DEVELOPMENT_ISSUER')
  const key = read('TRIBUTARY_MASTER_KEY')
  return {
    port,
    host: read('TRIBUTARY_HOST'),
    origin: reached,
    databaseUrl: read('DATABASE_URL') || undefined,
    dataDir: path.resolve(read('TRIBUTARY_DATA_DIR')),
    masterKey: key === '' ? undefined : Buffer.from(key, 'base64'),
    identity: issuer === '' ? undefined : { issuer, jwks: read('TRIBUTARY_IDENTITY_JWKS') },
    developmentIssuer: development === 'on' || (development === 'auto' && issuer === '' && isThisMachine(reached)),
    poolSize: Number(read('TRIBUTARY_POOL_SIZE')),
    logLevel: read('TRIBUTARY_LOG_LEVEL'),
    shutdownSeconds: Number(read('TRIBUTARY_SHUTDOWN_SECONDS')),
  }
}

function isThisMachine(origin: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(URL.parse(origin)?.hostname ?? '')
}
