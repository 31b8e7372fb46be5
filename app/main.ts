import { readConfig } from './config.ts'
import { openLog } from './open-log.ts'
import { stopWhenTold } from './run-until-told.ts'
import { sayFault } from './say-fault.ts'
import { startServer } from './start-server.ts'

try {
  const config = readConfig(process.env)
  const log = openLog(config.logLevel)
  const server = await startServer(config, log)
  stopWhenTold(server)
  log.info({ origin: server.settings.origin }, 'Tributary is ready')
} catch (error) {
  process.exit(sayFault(error))
}
