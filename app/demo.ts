import { chmod, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { openProgress } from './commands/progress.ts'
import { readConfig } from './config.ts'
import { loadDemo } from './demo/load-demo.ts'
import { tellDemo } from './demo/tell-demo.ts'
import { openLog } from './open-log.ts'
import { stopWhenTold } from './run-until-told.ts'
import { sayFault } from './say-fault.ts'
import { startServer } from './start-server.ts'

try {
  const config = readConfig(process.env)
  const server = await startServer(config, openLog('warn'))
  stopWhenTold(server)
  const folder = path.join(config.dataDir, 'demo')
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o700)
  const bar = openProgress('demonstration')
  const summary = await loadDemo(server.context, {
    folder,
    now: new Date(),
    origin: server.settings.origin,
    onProgress: bar.show,
  }).finally(bar.end)
  process.stdout.write(tellDemo(server.settings.origin, summary))
} catch (error) {
  process.exit(sayFault(error))
}
