import { randomUUID } from 'node:crypto'
import { Argument, type Command, Option } from 'commander'
import { SCOPES, type Scope } from '../../../kernel/caller.ts'
import { type Client, TOKEN_BINDINGS, type TokenBinding } from '../../../partners/client.ts'
import { keysDueAt } from '../../../partners/client-keys.ts'
import { act, type Outcome } from '../act.ts'
import type { Row } from '../output.ts'
import { readJson } from '../read-json.ts'

type CreateOptions = {
  readonly partner: string
  readonly name: string
  readonly jwks: string
  readonly scopes: Scope[]
  readonly redirectUris: string[]
  readonly binding: TokenBinding
  readonly key?: string
}

type Keyed = { readonly key?: string }

/** `tributary client create`, `set-redirects`, `set-keys`, `set-binding`, `revoke`, `list`. */
export function addClient(program: Command): void {
  const client = program.command('client').description("a partner's OAuth clients")
  client
    .command('create')
    .description('a client with its public keys')
    .requiredOption('--partner <code>', "the partner's code")
    .requiredOption('--name <name>', 'what the client is')
    .requiredOption('--jwks <file>', 'its public keys, a JWK set: ES256 or PS256')
    .addOption(new Option('--scopes <scopes...>', 'what it may do').choices(SCOPES).default([...SCOPES]))
    .option('--redirect-uris <addresses...>', 'where browsers may be sent back to, if it asks customers', [])
    .addOption(
      new Option('--binding <binding>', 'what its tokens are bound to').choices(TOKEN_BINDINGS).default('DPOP'),
    )
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .action(({ jwks: file, key, ...options }: CreateOptions, command: Command) =>
      act(command, async (context) => {
        const { createClient } = await import('../../../partners/create-client.ts')
        return {
          result: await createClient(context, {
            ...options,
            jwks: await readJson(file),
            idempotencyKey: key ?? randomUUID(),
          }),
        }
      }),
    )
  client
    .command('set-redirects')
    .argument('<client>', "the client's id")
    .argument('[addresses...]', 'https addresses, or http on this machine; none: it asks no customers any more')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('where browsers may be sent back to, in the place of what was registered')
    .action((id: string, redirectUris: string[], { key }: Keyed, command: Command) =>
      act(command, async (context) => {
        const { changeClient } = await import('../../../partners/change-client.ts')
        return told(await changeClient(context, { client: id, redirectUris, idempotencyKey: key ?? randomUUID() }))
      }),
    )
  client
    .command('set-keys')
    .argument('<client>', "the client's id")
    .requiredOption('--jwks <file>', 'its public keys')
    .option(
      '--overlap-days <days>',
      'for how long those that it has are accepted as well; not at all unless given',
      Number,
    )
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('the public keys of a client, in the place of those that it had')
    .action(
      (id: string, { jwks, overlapDays, key }: { jwks: string; overlapDays?: number } & Keyed, command: Command) =>
        act(command, async (context) => {
          const { changeClient } = await import('../../../partners/change-client.ts')
          return told(
            await changeClient(context, {
              ...{ client: id, jwks: await readJson(jwks), overlapDays },
              idempotencyKey: key ?? randomUUID(),
            }),
          )
        }),
    )
  client
    .command('set-binding')
    .argument('<client>', "the client's id")
    .addArgument(new Argument('<binding>', 'a key by DPoP, or its certificate by mutual TLS').choices(TOKEN_BINDINGS))
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('what its tokens are bound to; those that it has are good for nothing from the next request on')
    .action((id: string, binding: TokenBinding, { key }: Keyed, command: Command) =>
      act(command, async (context) => {
        const { changeClient } = await import('../../../partners/change-client.ts')
        return told(await changeClient(context, { client: id, binding, idempotencyKey: key ?? randomUUID() }))
      }),
    )
  addList(client)
  client
    .command('revoke')
    .argument('<client>', "the client's id")
    .requiredOption('--reason <text>', 'why; it stands in the log, and the partner can read it')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('ends a client for good: its tokens are good for nothing from the next request on')
    .action((id: string, { reason, key }: { reason: string } & Keyed, command: Command) =>
      act(command, async (context) => {
        const { revokeClient } = await import('../../../partners/revoke-client.ts')
        return told(await revokeClient(context, { client: id, reason, idempotencyKey: key ?? randomUUID() }))
      }),
    )
}

function addList(client: Command): void {
  client
    .command('list')
    .description('clients and how old their keys are, up to a hundred')
    .option('--partner <code>', 'of this partner alone')
    .option('--keys-due', 'only active ones that should have other keys within 30 days')
    .action((options: { partner?: string; keysDue?: boolean }, command: Command) =>
      act(command, async (context) => {
        const { listClients } = await import('../../../partners/list-clients.ts')
        const { edges } = await listClients(context, { ...options, page: { first: 100 } })
        const clients = edges.map(({ node }) => node)
        return { result: clients, rows: clients.map(rowOf) }
      }),
    )
}

function told(client: Client): Outcome {
  return { result: client, rows: [rowOf(client)] }
}

function rowOf(client: Client): Row {
  const { id, name, status, scopes, redirectUris, binding, jwks, former } = client
  const keys = jwks.keys.map(({ kid }) => kid).join(' ')
  const ages = { keysDue: keysDueAt(client).toISOString(), formerKeysUntil: former?.until.toISOString() }
  return { id, name, status, binding, keys, ...ages, scopes: scopes.join(' '), redirects: redirectUris.join(' ') }
}
