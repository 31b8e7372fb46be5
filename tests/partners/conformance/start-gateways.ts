import { queueEvents } from '../../../partners/webhooks/queue-events.ts'
import { defineCatalogue } from '../../customers/factories.ts'
import { startRealGateway } from '../../gateway/attacks/real-gateway.ts'
import type { TestGateway } from '../../gateway/gateway.ts'
import { sealAll } from '../../records/sealed-log.ts'
import type { TestWorld } from '../../support/database.ts'
import { type Receiver, startReceiver } from '../webhooks/receiver.ts'

/** Two gateways over one database, and a partner's receiver of webhooks; what was in the log before is told to nobody. */
export async function startGateways(world: TestWorld): Promise<{
  readonly gateway: TestGateway
  readonly other: TestGateway
  readonly receiver: Receiver
  readonly close: () => Promise<void>
}> {
  const gateway = await startRealGateway(world)
  const other = await startRealGateway(world)
  const receiver = await startReceiver()
  await defineCatalogue(gateway.context)
  await sealAll(world.context, world.owner)
  await queueEvents(gateway.context)
  const close = async (): Promise<void> => {
    await Promise.all([gateway.close(), other.close(), receiver.close()])
  }
  return { gateway, other, receiver, close }
}
