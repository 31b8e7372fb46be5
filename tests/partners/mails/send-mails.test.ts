import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, it } from 'vitest'
import { readConfig } from '../../../app/config.ts'
import { mailServer } from '../../../app/mail-server.ts'
import { confirmApplication } from '../../../partners/applications/confirm-application.ts'
import { requestApplication } from '../../../partners/applications/request-application.ts'
import { sendMails } from '../../../partners/mails/send-mails.ts'
import { useWorld } from '../../support/database.ts'
import { freePort } from '../../support/free-port.ts'
import { applicationOf } from '../assessments/scene.ts'

const world = useWorld()
const SECRET = 'p@ss:word'
const LINK = { language: 'zh-CN', verifyAt: 'https://x.example/c' } as const

let server: SMTPServer | undefined
afterEach(async () => {
  await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())))
  server = undefined
})

/** A mail server that takes mails from whoever knows the secret, after it refused the first so many. */
async function receive(port: number, refusals = 0): Promise<{ readonly to: string; readonly text: string }[]> {
  const received: { to: string; text: string }[] = []
  let left = refusals
  server = new SMTPServer({
    ...{ disabledCommands: ['STARTTLS'], allowInsecureAuth: true, logger: false },
    onAuth: ({ username, password }, _session, done) =>
      username === 'broker' && password === SECRET ? done(null, { user: 'broker' }) : done(new Error('who?')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (left-- > 0) return done(Object.assign(new Error('later'), { responseCode: 451 }))
        const text = Buffer.concat(chunks).toString()
        received.push({ to: session.envelope.rcptTo.map(({ address }) => address).join(), text })
        done()
      })
    },
  })
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  expect((server.server.address() as AddressInfo).port).toBe(port)
  return received
}

function senderTo(port: number) {
  const { mail } = readConfig({
    TRIBUTARY_SMTP_URL: `smtp://broker:${encodeURIComponent(SECRET)}@127.0.0.1:${port}`,
    TRIBUTARY_MAIL_FROM: 'partners@broker.example',
  })
  if (mail === undefined) throw new Error('a mail server is configured')
  return mailServer(mail)
}

const waiting = () => world.owner<{ text: string; attempts: number }[]>`select m::text as text, attempts from mails m`
const makeDue = () => world.owner`update mails set next_at = clock_timestamp()`

it('a mail waits, sealed, while the server is away or busy, is sent once by one of two senders, and its link is good', async () => {
  const lines: string[] = []
  const note = (fields: object, message: string) => void lines.push(JSON.stringify({ ...fields, message }))
  const context = { ...world.context, log: { ...world.context.log, warn: note, error: note } }
  await requestApplication(context, applicationOf('kim@harbour.example'), LINK)
  const port = await freePort()
  const send = senderTo(port)

  expect([await sendMails(context, send), await sendMails(context, send)]).toEqual([1, 0])
  const [kept] = await waiting()
  expect(kept).toMatchObject({ attempts: 1 })
  const received = await receive(port, 1)
  await makeDue()
  expect([await sendMails(context, send), received.length]).toEqual([1, 0])
  await makeDue()
  const tried = await Promise.all([sendMails(context, send), sendMails(context, send)])
  expect(tried.toSorted()).toEqual([0, 1])
  expect([received.map(({ to }) => to), await waiting()]).toEqual([['kim@harbour.example'], []])

  expect(lines).toEqual([expect.stringContaining('ESOCKET'), expect.stringContaining('451')])
  const told = `${kept?.text}${lines.join('')}`
  for (const secret of ['kim@', SECRET, encodeURIComponent(SECRET), 'x.example']) expect(told).not.toContain(secret)
  const body = received[0]?.text ?? ''
  expect(body).toMatch(/^From: partners@broker\.example\r$/m)
  const encoded = body.slice(body.indexOf('\r\n\r\n'))
  const text = /^content-transfer-encoding: base64/im.test(body)
    ? Buffer.from(encoded, 'base64').toString()
    : encoded.replace(/=\r\n/g, '').replace(/=3D/g, '=')
  const token = /\?token=([\w-]{43})/.exec(text)?.[1]
  expect(await confirmApplication(context, { token })).toMatchObject({ application: expect.stringMatching(/^app_/) })
})

it('a wrong secret is no reason to lose a mail, and one whose link is over is given up', async () => {
  const { context } = world
  const port = await freePort()
  const received = await receive(port)
  await requestApplication(context, applicationOf(), LINK)
  const wrong = mailServer({ url: `smtp://broker:wrong@127.0.0.1:${port}`, from: 'partners@broker.example' })
  expect([await sendMails(context, wrong), (await waiting()).length]).toEqual([1, 1])
  await world.owner`update mails set ends_at = clock_timestamp(), next_at = clock_timestamp()`
  expect([await sendMails(context, senderTo(port)), await waiting(), received]).toEqual([0, [], []])
})

it('settings that name half of a mail server are refused, without a word of the secret', () => {
  const url = 'smtps://broker:hidden@mail.example'
  const refused = (environment: object) => {
    try {
      readConfig({ ...environment })
    } catch (error) {
      return (error as Error).message
    }
    return 'accepted'
  }
  expect(refused({ TRIBUTARY_SMTP_URL: url })).toBe('TRIBUTARY_SMTP_URL and TRIBUTARY_MAIL_FROM go together')
  expect(refused({ TRIBUTARY_MAIL_FROM: 'a@b.example' })).toContain('go together')
  const http = refused({ TRIBUTARY_SMTP_URL: 'http://x:hidden@mail.example', TRIBUTARY_MAIL_FROM: 'a@b.example' })
  expect([http.includes('TRIBUTARY_SMTP_URL'), http.includes('hidden')]).toEqual([true, false])
})
