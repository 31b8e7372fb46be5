import { randomUUID } from 'node:crypto'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { DELIVERY_STATUSES, type DeliveryStatus } from '../../partners/webhooks/webhook-endpoint.ts'
import { act } from './act.ts'

/** `tributary webhook …`: where partners are told of what happens, and what became of each message. */
export function addWebhookCommands(program: Command): void {
  const webhook = program.command('webhook').description('where partners are told of what happens')
  addAdd(webhook)
  addChanges(webhook)
  addLists(webhook)
  addReplay(webhook)
}

function addAdd(webhook: Command): void {
  webhook
    .command('add')
    .argument('<code>', "the partner's code")
    .argument('<url>', 'an https address on the public internet')
    .option('--types <types...>', 'of what; everything unless said')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('an address at which a partner is told; the secret is shown once')
    .action((partner: string, url: string, { types, key }: { types?: string[]; key?: string }, command: Command) =>
      act(command, async (context) => {
        const { addWebhook } = await import('../../partners/webhooks/add-webhook.ts')
        const input = { partner, url, idempotencyKey: key ?? randomUUID(), ...(types && { types }) }
        const { endpoint, secret } = await addWebhook(context, input)
        return { result: { ...endpoint, secret } }
      }),
    )
}

function addChanges(webhook: Command): void {
  webhook
    .command('remove')
    .argument('<id>', 'whe_…')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('ends an endpoint for good')
    .action((endpoint: string, { key }: { key?: string }, command: Command) =>
      act(command, async (context) => {
        const { removeWebhook } = await import('../../partners/webhooks/change-webhook.ts')
        const input = { endpoint, owner: undefined, idempotencyKey: key ?? randomUUID() }
        return { result: await removeWebhook(context, input) }
      }),
    )
  webhook
    .command('rotate')
    .argument('<id>', 'whe_…')
    .option('--overlap-hours <hours>', 'for how long the secret before it goes on signing', hoursOf, 24)
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('a new secret, which is shown once')
    .action((endpoint: string, { overlapHours, key }: { overlapHours: number; key?: string }, command: Command) =>
      act(command, async (context) => {
        const { rotateWebhookSecret } = await import('../../partners/webhooks/change-webhook.ts')
        const input = { endpoint, overlapHours, owner: undefined, idempotencyKey: key ?? randomUUID() }
        const rotated = await rotateWebhookSecret(context, input)
        return { result: { ...rotated.endpoint, secret: rotated.secret } }
      }),
    )
}

function addLists(webhook: Command): void {
  webhook
    .command('list')
    .argument('<code>', "the partner's code")
    .description('where a partner is told')
    .action((partner: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { listWebhooks } = await import('../../partners/webhooks/list-webhooks.ts')
        const endpoints = await listWebhooks(context, partner)
        const rows = endpoints.map(({ id, url, types, createdAt }) => ({
          id,
          url,
          types: types.length,
          since: createdAt,
        }))
        return { result: endpoints, rows }
      }),
    )
  webhook
    .command('deliveries')
    .option('--partner <code>', 'of one partner alone')
    .addOption(new Option('--status <status>', 'those alone').choices(DELIVERY_STATUSES))
    .description('messages to partners, the last hundred; DEAD are those that were given up')
    .action(({ partner, status }: { partner?: string; status?: DeliveryStatus }, command: Command) =>
      act(command, async (context) => {
        const { listDeliveries } = await import('../../partners/webhooks/list-webhooks.ts')
        const { edges } = await listDeliveries(context, { partner, status, page: { first: 100 } })
        const deliveries = edges.map(({ node }) => node)
        const rows = deliveries.map(({ id, type, about, status: now, attempts, lastError, nextAt, deliveredAt }) => ({
          ...{ id, type, about, status: now, attempts, error: lastError },
          at: deliveredAt ?? nextAt,
        }))
        return { result: deliveries, rows }
      }),
    )
}

function addReplay(webhook: Command): void {
  webhook
    .command('replay')
    .argument('<code>', "the partner's code")
    .option('--delivery <id>', 'one message, evt_…')
    .option('--since <time>', 'RFC 3339: all that were queued since then')
    .description('sends messages again that were taken or given up, in their order')
    .action((partner: string, { delivery, since }: { delivery?: string; since?: string }, command: Command) =>
      act(command, async (context) => {
        const { replayWebhooks } = await import('../../partners/webhooks/replay-webhooks.ts')
        const messages = await replayWebhooks(context, { partner, delivery, since })
        return { result: { messages } }
      }),
    )
}

function hoursOf(text: string): number {
  if (!/^[0-9]{1,3}$/.test(text)) throw new InvalidArgumentError('a whole number of hours, up to 336')
  return Number(text)
}
