import { once } from 'node:events'
import { createServer, type Server as HttpServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TransactionSigner } from '../contracts/signer.ts'
import type { Context } from '../database/context.ts'
import { holdTurn } from '../database/hold-turn.ts'
import { createHttpApp } from '../gateway/http-app.ts'
import { trafficMeter } from '../gateway/limits/traffic-meter.ts'
import type { GatewaySettings } from '../gateway/settings.ts'
import { Fault } from '../kernel/fault.ts'
import type { Log } from '../kernel/log.ts'
import type { SendMail } from '../partners/mails/mail.ts'
import { customerSchema, operationsSchema, partnerSchema } from '../schema/graphs.ts'
import type { Config } from './config.ts'
import { gatewaySettings } from './gateway-settings.ts'
import { mailFolder } from './mail-folder.ts'
import { mailServer } from './mail-server.ts'
import { openChains } from './open-chains.ts'
import { openContext } from './open-context.ts'
import { readRating } from './read-rating.ts'
import { startWorker } from './worker.ts'

/** A server that answers. */
export type RunningServer = {
  readonly context: Context
  readonly settings: GatewaySettings
  readonly port: number
  /** Stops taking requests, lets the open ones end, then the worker, then the database. */
  readonly stop: () => Promise<void>
}

/** What an embedding program puts in place of what the configuration says. */
export type ServerParts = {
  /** Signs anchors, in place of a configured key. */
  readonly anchorSigner?: TransactionSigner
  /** Sends mails, in place of the mail server or the folder that the configuration says. */
  readonly sendMail?: SendMail
}

/** Starts everything: database, migrations, gateway, worker. Throws `DATABASE_IN_USE` when it runs here already. */
export async function startServer(config: Config, log: Log, parts: ServerParts = {}): Promise<RunningServer> {
  const opened = await openContext(config, {
    actor: 'system:server',
    name: 'tributary:server',
    log,
  })
  const { context, server } = opened
  let close = opened.close
  let letGo: () => Promise<void> = async () => {}
  try {
    if (config.databaseUrl === undefined) letGo = await holdTurn(server.owner, config.dataDir)
    const chains = await openChains(config, log, parts.anchorSigner)
    close = () => opened.close().finally(chains.close)
    let serve: RequestListener = refuseUntilReady
    const http = createServer((request, response) => serve(request, response))
    const port = await listen(http, config)
    const settings = gatewaySettings(config, port)
    let ending = false
    const traffic = trafficMeter(context)
    serve = await createHttpApp(context, settings, {
      partner: partnerSchema,
      customer: customerSchema,
      operations: operationsSchema,
      isShuttingDown: () => ending,
      traffic,
    })
    const worker = await startWorker(context, server, {
      origin: settings.origin,
      ...chains,
      payoutSilentDays: config.payoutSilentDays,
      alarms: config.alarms,
      rating: await readRating(config.ratingFile),
      sendMail: parts.sendMail ?? mailerOf(config),
    })
    const stop = async (): Promise<void> => {
      ending = true
      await endRequests(http, config.shutdownSeconds)
      await traffic.flush()
      await worker.stop()
      await letGo()
      await close()
    }
    return { context, settings, port, stop }
  } catch (error) {
    await letGo()
    await close()
    throw error
  }
}

function mailerOf({ mail, dataDir }: Config): SendMail {
  return mail === undefined ? mailFolder(dataDir) : mailServer(mail)
}

/** The port is taken before the application is made, because its address may depend on it. */
const refuseUntilReady: RequestListener = (_request, response) => {
  response.writeHead(503, { 'retry-after': '1' }).end()
}

async function listen(http: HttpServer, { port, host }: Config): Promise<number> {
  http.listen(port, host)
  await once(http, 'listening').catch((error: NodeJS.ErrnoException) => {
    const sentence = `port ${port} on ${host} cannot be used (${error.code ?? 'unknown'}): set PORT`
    throw new Fault('CONFIG_INVALID', sentence, { cause: error })
  })
  return portOf(http.address())
}

function portOf(address: AddressInfo | string | null): number {
  return address !== null && typeof address === 'object' ? address.port : 0
}

async function endRequests(http: HttpServer, seconds: number): Promise<void> {
  const closed = once(http, 'close')
  http.close()
  http.closeIdleConnections()
  await Promise.race([closed, sleep(seconds * 1000, undefined, { ref: false })])
  http.closeAllConnections()
}
