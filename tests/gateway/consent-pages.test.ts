import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { customer, defineCatalogue } from '../customers/factories.ts'
import { useWorld } from '../support/database.ts'
import { codeOf, exchange, askingClient } from './consent-flow.ts'
import { startGateway, type TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
let second: TestGateway

beforeAll(async () => {
  ;[gateway, second] = await Promise.all([startGateway(world), startGateway(world)])
  await defineCatalogue(gateway.context)
})
afterAll(async () => {
  await Promise.all([gateway.close(), second.close()])
})

it('goes', async () => {
  const client = await askingClient(gateway.context)
  const account = await customer(world.owner, { synthetic: true })
  const got = await codeOf(gateway, client, account)
  console.log(Object.fromEntries(got.back))
  const tokens = await exchange(gateway, client, got)
  console.log(tokens.status, JSON.stringify(await tokens.json(), null, 1))
  console.log(gateway.logged())
})
