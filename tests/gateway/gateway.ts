import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { GraphQLError, type GraphQLSchema } from 'graphql'
import { createSchema } from 'graphql-yoga'
import { type Database, openDatabase } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { GraphContext } from '../../gateway/graphql/graph-context.ts'
import { createHttpApp, type HttpParts } from '../../gateway/http-app.ts'
import type { GatewaySettings } from '../../gateway/settings.ts'
import type { Caller } from '../../kernel/caller.ts'
import { systemClock } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Log } from '../../kernel/log.ts'
import type { TestWorld } from '../support/database.ts'

/** Where the world believes the gateway to be; requests go to a loopback port all the same. */
export const ORIGIN = 'https://api.tributary.test'

/** A way to a gateway. */
export type Door = {
  /** Fetches an address under {@link ORIGIN}, or a path. */
  readonly fetch: (address: string, init?: RequestInit) => Promise<Response>
}

/** A gateway that listens on loopback, with pools of its own: like another process on the same database. */
export type TestGateway = Door & {
  readonly context: Context
  readonly settings: GatewaySettings
  readonly port: number
  /** Everything that was logged, as lines of JSON. */
  readonly logged: () => string
  readonly close: () => Promise<void>
}

/** Starts a gateway over the world's database, on the real clock. */
export async function startGateway(
  world: TestWorld,
  {
    settings = {},
    parts = {},
    port: wanted = 0,
  }: {
    readonly settings?: Partial<GatewaySettings>
    readonly parts?: Partial<HttpParts>
    /** A port that the origin names; any free one otherwise. */
    readonly port?: number
  } = {},
): Promise<TestGateway> {
  const lines: string[] = []
  const database = openDatabase(world.address, 'tributary:tests:gateway', 4)
  const context = gatewayContext(world, database, lines)
  const all: GatewaySettings = { origin: ORIGIN, development: { issuer: true, graphiql: true }, ...settings }
  const app = await createHttpApp(context, all, { ...testSchemas(), ...parts }).catch(async (error) => {
    await database.close()
    throw error
  })
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(wanted, '127.0.0.1', () => resolve(listening))
  })
  const { port } = portOf(server)
  return {
    context,
    settings: all,
    port,
    ...doorAt(port),
    logged: () => lines.join('\n'),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await database.close()
    },
  }
}

function gatewayContext({ context }: TestWorld, database: Database, lines: string[]): Context {
  const say = (level: string) => (fields: object, message: string) => {
    lines.push(JSON.stringify({ level, message, ...fields }))
  }
  const log: Log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
  return { ...context, database, log, clock: systemClock }
}

function portOf(server: Server): AddressInfo {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has a port')
  return address
}

/** The way to whoever listens on a port of loopback. */
export function doorAt(port: number): Door {
  return { fetch: (address, init) => fetch(localAddress(address, port), { redirect: 'manual', ...init }) }
}

function localAddress(address: string, port: number): string {
  const { pathname, search } = new URL(address, ORIGIN)
  return `http://127.0.0.1:${port}${pathname}${search}`
}

/** Small graphs that do one of everything. */
export function testSchemas(): Pick<HttpParts, 'partner' | 'customer' | 'operations'> {
  return { partner: testSchema(), customer: testSchema(), operations: testSchema() }
}

function testSchema(): GraphQLSchema {
  return createSchema<GraphContext>({
    typeDefs: /* GraphQL */ `
      type Query {
        caller: String!
        actor: String!
        echo(text: String!): String!
        node: Node
        fault(code: String): Int
        broken: Int
        brokenForSure: Int!
        said: Int
      }
      type Node {
        node: Node
        name: String!
      }
      type Mutation {
        touch: Boolean!
        take(items: [Item!]!): Int!
      }
      input Item {
        name: String!
      }
    `,
    resolvers: {
      Query: {
        caller: (_root, _arguments, { caller }) => callerName(caller),
        actor: (_root, _arguments, { context }) => context.actor,
        echo: (_root, { text }) => text,
        node: () => ({ name: 'n' }),
        fault: () => {
          throw new Fault('WRONG_STATE', 'it is closed', { field: 'state' })
        },
        broken: () => {
          throw new Error('password=swordfish')
        },
        brokenForSure: () => {
          throw new Error('password=swordfish')
        },
        said: () => {
          throw new GraphQLError('too much at once', { extensions: { code: 'THROTTLED' } })
        },
      },
      Node: { node: () => ({ name: 'n' }) },
      Mutation: { touch: () => true, take: (_root, { items }) => items.length },
    },
  })
}

function callerName(caller: Caller): string {
  switch (caller.kind) {
    case 'partner':
      return `partner:${caller.client}`
    case 'customer':
      return `customer:${caller.accountKey}`
    case 'staff':
      return `staff:${caller.name}:${[...caller.roles].join(',')}`
  }
}
