import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeDevelopmentToken } from '../../gateway/authenticate/development-token.ts'
import { newId, uuidOf } from '../../kernel/ids.ts'
import { useWorld } from '../support/database.ts'
import { accessToken, askPartnerGraph, assertion, credentials, proof, registerClient, requestToken } from './clients.ts'
import { startGateway, type TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
const printed: string[] = []

beforeAll(async () => {
  gateway = await startGateway(world)
})
afterAll(async () => {
  await gateway.close()
})

it('neither log nor metrics nor errors have a token, proof, assertion, variable, account key or body', async () => {
  const account = `account-${randomUUID()}`
  const variable = `variable-${randomUUID()}`
  await world.owner`insert into customers (id, account_key) values (${uuidOf(newId('cus'))}, ${account})`
  const client = await registerClient(gateway.context)
  const token = await accessToken(gateway, client)
  const good = await credentials(client, token)
  const bad = await assertion(client, { claims: { aud: 'x' } })
  const badProof = await proof(client, { claims: { iat: 1 } })
  const customer = await makeDevelopmentToken(gateway.context, gateway.settings, { customer: account })
  const system = await makeDevelopmentToken(gateway.context, gateway.settings, { staff: 'core', roles: ['ingest'] })
  const body = { query: 'query q($t: String!) { echo(text: $t) broken }', variables: { t: variable } }

  const answers = await catchingOutput(async () => [
    await requestToken(gateway, { assertion: bad, proof: badProof }),
    await requestToken(gateway, { assertion: await assertion(client), proof: badProof }),
    await askPartnerGraph(gateway, good, body),
    await askPartnerGraph(gateway, good, body),
    await askPartnerGraph(gateway, { ...good, authorization: `DPoP ${token}x` }, body),
    await askPartnerGraph(gateway, await credentials(client, token), { ...body, variables: { t: 1, other: variable } }),
    await gateway.fetch(`/customer/graphql?query={echo(text:"${variable}")}`, {
      headers: { authorization: `Bearer ${customer}` },
    }),
    await gateway.fetch(`/customer/graphql?access_token=${customer}`),
    await gateway.fetch('/ingest/revenue?source=core', {
      method: 'POST',
      headers: { authorization: `Bearer ${system}`, 'content-type': 'application/x-ndjson' },
      body: JSON.stringify({ type: 'revenue', externalId: 'e', customer: account, note: variable }),
    }),
  ])

  const errors = (await Promise.all(answers.map((answer) => answer.text()))).filter((text) => text.includes('"code"'))
  const metrics = await (await gateway.fetch('/metrics')).text()
  const everything = [gateway.logged(), metrics, printed.join('\n'), ...errors].join('\n')
  expect(everything).toContain(client.id)
  expect(gateway.logged()).toContain('"status":401')
  for (const secret of [token, good['dpop'] ?? '', bad, badProof, customer, system, account]) {
    expect(everything).not.toContain(secret)
  }
  // a resolver's answer has the variable; nothing else has
  expect([gateway.logged(), metrics, printed.join('\n')].join('\n')).not.toContain(variable)
})

/** What is written to the terminal past the log while the work runs is caught. */
async function catchingOutput<T>(work: () => Promise<T>): Promise<T> {
  const [out, error] = [process.stdout.write, process.stderr.write]
  const keep = (chunk: string | Uint8Array): boolean => printed.push(String(chunk)) > 0
  process.stdout.write = keep
  process.stderr.write = keep
  try {
    return await work()
  } finally {
    process.stdout.write = out
    process.stderr.write = error
  }
}
