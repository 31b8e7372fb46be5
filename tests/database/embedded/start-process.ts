// Started by tests as a process of its own: starts the server on the folder named, and prints what came of it.
import { startEmbedded } from '../../../database/embedded/start-embedded.ts'
import { Fault } from '../../../kernel/fault.ts'

const [dataDir = ''] = process.argv.slice(2)
try {
  console.log(JSON.stringify(await startEmbedded({ dataDir })))
} catch (error) {
  if (!(error instanceof Fault)) throw error
  console.log(JSON.stringify({ code: error.code, message: error.message }))
}
