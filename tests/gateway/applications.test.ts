import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Mail } from '../../partners/applications/application.ts'
import { applicationOf, applicationsOf, tokenIn } from '../partners/assessments/scene.ts'
import { useWorld } from '../support/database.ts'
import { startGateway, type TestGateway } from './gateway.ts'

const world = useWorld()
const mails: Mail[] = []
let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway(world, { parts: { sendMail: async (mail) => void mails.push(mail) } })
})
afterAll(() => gateway.close())

const post = (path: string, body: object | string) =>
  gateway.fetch(path, {
    method: 'POST',
    headers: { 'content-type': typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

const formOf = (fields: Readonly<Record<string, string>>) =>
  `${new URLSearchParams({
    ...{ name: 'Palm <b>Travel</b>', kind: 'SCENARIO', jurisdiction: 'sg', about: 'Trips', contactName: 'Zoe Quill' },
    ...fields,
  })}`

describe('applying', () => {
  it('makes a partner once the link in the mail is followed, and the same one when it is followed ten times', async () => {
    const answer = await post('/applications', applicationOf('first@harbour.example'))
    expect([answer.status, await answer.json()]).toEqual([202, { status: 'CHECK_YOUR_MAIL' }])
    expect(await applicationsOf(world.context)).toEqual([])
    const [mail] = mails
    const token = tokenIn(mail ?? { to: '', subject: '', text: '' })
    expect(mail?.text).toContain('https://api.tributary.test/applications/confirm?token=')
    const looked = await gateway.fetch(`/applications/confirm?token=${token}`)
    expect([looked.status, await applicationsOf(world.context)]).toEqual([200, []])
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('/applications/confirm', { token })))
    const said = await Promise.all(answers.map((one) => one.json()))
    expect(new Set(said.map(({ application }) => application)).size).toBe(1)
    const [found, ...others] = await applicationsOf(world.context)
    expect(others).toEqual([])
    expect(found).toMatchObject({
      ...{ id: said[0].application, status: 'APPLIED', code: expect.stringMatching(/^harbour-travel-[0-9a-f]{12}$/) },
      contact: { name: 'Ann Contact', email: 'first@harbour.example' },
    })
  })

  it('answers the same to an address that asked too often, and writes it no more, over requests at once', async () => {
    const before = mails.length
    const email = 'often@harbour.example'
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) => post('/applications', applicationOf(at % 2 ? email : email.toUpperCase()))),
    )
    const said = await Promise.all(answers.map(async (one) => `${one.status} ${await one.text()}`))
    expect(new Set(said)).toEqual(new Set(['202 {"status":"CHECK_YOUR_MAIL"}']))
    expect(mails.length - before).toBe(3)
  })

  it('leaves nothing of the contact in the open: in no row, no record and no line of the log', async () => {
    await post('/applications', applicationOf('hidden@harbour.example'))
    await post('/applications/confirm', { token: tokenIn(mails.at(-1) ?? { to: '', subject: '', text: '' }) })
    const [rows] = await world.owner<{ text: string }[]>`
      select (select string_agg(r::text, '') from application_requests r)
        || (select string_agg(body, '') from records) as text`
    for (const secret of ['hidden@', 'Ann Contact', tokenIn(mails.at(-1) ?? { to: '', subject: '', text: '' })]) {
      expect(`${rows?.text}${gateway.logged()}`).not.toContain(secret)
    }
  })

  it.each([
    ['an address that is none', { contact: { name: 'A', email: 'a@b\r\nBcc: c@d.example' } }, 'contact.email'],
    ['a kind that is none', { kind: 'CASINO' }, 'kind'],
    ['a status of its own choice', { status: 'LIVE' }, undefined],
    ['a name with a line break', { name: 'a\nb' }, 'name'],
  ])('refuses %s and keeps nothing', async (_, fault, field) => {
    const [before, sent] = [await requests(), mails.length]
    const answer = await post('/applications', { ...applicationOf(), ...fault })
    expect(await answer.json()).toMatchObject({ status: 400, code: 'INVALID_INPUT', ...(field && { field }) })
    expect([await requests(), mails.length]).toEqual([before, sent])
  })

  it.each([
    ['no token', {}, 400],
    ['a token of nobody', { token: 'A'.repeat(43) }, 404],
    ['two words', { token: 'a b' }, 400],
  ])('confirms nothing for %s', async (_, body, status) => {
    expect((await post('/applications/confirm', body)).status).toBe(status)
  })

  it('has no link that is good for longer than a day', async () => {
    await post('/applications', applicationOf('late@harbour.example'))
    await world.owner`update application_requests set ends_at = clock_timestamp() where partner_id is null`
    const token = tokenIn(mails.at(-1) ?? { to: '', subject: '', text: '' })
    expect((await post('/applications/confirm', { token })).status).toBe(404)
  })

  it.each([
    ['JSON that is none', '/applications', 'application/json', '{', 400],
    ['another type', '/applications', 'text/plain', 'a', 400],
    ['too much', '/applications', 'application/json', `"${'a'.repeat(17_000)}"`, 413],
  ])('refuses %s', async (_, path, type, body, status) => {
    const answer = await gateway.fetch(path, { method: 'POST', headers: { 'content-type': type }, body })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    if (status === 413) expect(answer.status).toBe(413)
  })
})

describe('the pages', () => {
  it('are a form without a script, in English and in Chinese', async () => {
    const [english, chinese] = await Promise.all(
      ['en', 'zh-CN'].map(async (language) => (await gateway.fetch(`/applications?lang=${language}`)).text()),
    )
    expect(english).toContain('Become a partner')
    expect(chinese).toContain('成为合作伙伴')
    expect(`${english}${chinese}`).not.toContain('<script')
  })

  it('take an application, tell what is wrong with one, and confirm it', async () => {
    const refused = await post('/applications', formOf({ email: 'nobody' }))
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('it is no mail address')])
    const taken = await post('/applications', formOf({ email: 'palm@travel.example', lang: 'zh-CN' }))
    expect([taken.status, await taken.text()]).toEqual([202, expect.stringContaining('请查收邮件')])
    const token = tokenIn(mails.at(-1) ?? { to: '', subject: '', text: '' })
    const confirmed = await post('/applications/confirm', `token=${token}`)
    expect([confirmed.status, await confirmed.text()]).toEqual([
      200,
      expect.stringContaining('Your application is with us'),
    ])
    const [last] = await applicationsOf(world.context)
    expect(last?.code).toMatch(/^palm-b-travel-b-[0-9a-f]{12}$/)
  })

  it('writes what came in a link as text', async () => {
    const page = await (await gateway.fetch(`/applications/confirm?token=${encodeURIComponent('"><b>x')}`)).text()
    expect(page).not.toContain('<b>x')
  })
})

async function requests(): Promise<number> {
  return (await world.owner`select id from application_requests`).length
}
