// A process that queues and sends what partners are told of until it is killed, for tests that kill it.
import { type DatabaseAddress, openDatabase } from '../../../database/client.ts'
import { webhookSender } from '../../../gateway/webhooks/send-webhook.ts'
import { systemClock } from '../../../kernel/clock.ts'
import { queueEvents } from '../../../partners/webhooks/queue-events.ts'
import { sendDue } from '../../../partners/webhooks/send-due.ts'
import { contextOver } from '../../support/database.ts'

const address: DatabaseAddress = JSON.parse(process.argv[2] ?? '{}')
const context = {
  ...contextOver(openDatabase(address, 'tributary:tests:sending', 3), systemClock),
  privateWebhooks: true,
}
const send = webhookSender({ privateToo: true })

for (;;) {
  await queueEvents(context)
  await sendDue(context, send)
}
