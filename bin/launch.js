// Plain JavaScript that an old Node can read: it finds a Node that runs TypeScript, then runs the program on it.
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import module from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const forwardedSignals = ['SIGTERM', 'SIGINT', 'SIGHUP']

/** Runs `load` here when this Node runs TypeScript, else runs `scriptUrl` again on the Node that npm installed. */
export async function launch(scriptUrl, load, machine = thisMachine()) {
  const choice = chooseNode(machine)
  if (choice.kind === 'none') return refuse(choice.sentence)
  if (choice.kind === 'bundled') return runAgain(choice.path, fileURLToPath(scriptUrl))
  module.enableCompileCache?.(join(root, 'node_modules', '.cache', 'compile'))
  await load()
}

/** Which Node to run on: this one, the bundled one, or none, with a sentence that says what to do. */
export function chooseNode({ version, platform, arch, bundledNode }) {
  if (runsTypeScript(version)) return { kind: 'current' }
  if (bundledNode !== undefined) return { kind: 'bundled', path: bundledNode }
  const found = `Tributary needs Node 24 (at least 22.18), and this is Node ${version.replace(/^v/, '')}`
  const brought = platform === 'linux' && (arch === 'x64' || arch === 'arm64')
  const cure = brought ? 'run "npm ci", which brings it' : 'install it from https://nodejs.org'
  return { kind: 'none', sentence: `${found}: ${cure}.` }
}

function thisMachine() {
  const { version, platform, arch, execPath } = process
  const path = join(root, 'node_modules', `node-${platform}-${arch}`, 'bin', 'node')
  // When the bundled Node is itself too old, running it again would never end.
  const usable = existsSync(path) && realpathSync(path) !== realpathSync(execPath)
  return { version, platform, arch, bundledNode: usable ? path : undefined }
}

// Types are stripped without a flag since 22.18 and 23.6.
function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18)
}

function runAgain(path, script) {
  const child = spawn(path, [...process.execArgv, script, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of forwardedSignals) process.on(signal, () => forward(child, signal))
  child.once('error', (error) => refuse(`${path} did not start: ${error.message}.`))
  child.once('exit', endLike)
}

function forward(child, signal) {
  // A terminal sends Ctrl-C to the child as well, and two of them would mean "stop at once".
  if (signal === 'SIGINT' && process.stdin.isTTY) return
  child.kill(signal)
}

function endLike(code, signal) {
  if (signal === null) process.exit(code)
  process.exitCode = 128 + constants.signals[signal]
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}

function refuse(sentence) {
  console.error(sentence)
  process.exit(1)
}
