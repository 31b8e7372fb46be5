import { spawnSync } from 'node:child_process'
import { findMissingPackages } from './system-packages.ts'

const aptOptions = ['-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Dpkg::Use-Pty=0'] as const

/**
 * Installs from Debian what the tests need and this machine lacks. Only root may: anybody else is told what to run.
 * Returns whether everything is there afterwards.
 */
export function installPackages(): boolean {
  const missing = findMissingPackages()
  if (missing.length === 0) return true
  if (process.getuid?.() !== 0) return tell(`The tests need more programs. Run this first:\n  ${command(missing)}`)
  console.log(`Installing ${missing.join(', ')}`)
  if (!aptGet(['update', '-qq'])) console.error('apt-get update failed: trying with the lists at hand.')
  aptGet(['install', '-y', '-qq', '--no-install-recommends', ...missing])
  const stillMissing = findMissingPackages()
  return stillMissing.length === 0 || tell(`These could not be installed: ${stillMissing.join(', ')}.`)
}

function command(packages: readonly string[]): string {
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`
}

function aptGet(options: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  // Nothing is asked, and apt's own output goes where errors go, so that a caller can read ours.
  const { status } = spawnSync('apt-get', [...aptOptions, ...options], { env, stdio: ['ignore', 2, 2] })
  return status === 0
}

function tell(sentence: string): false {
  console.error(sentence)
  return false
}
