import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process'

/**
 * As whom PostgreSQL runs. `self`: as we do. `setuid`: root starts it as that user. `namespace`: as ourselves, but in a
 * user namespace in which we are called nobody, since PostgreSQL refuses to run as root or as a user without a name.
 * The ids are those of the owner of the data, as seen from outside.
 */
export type Launch = { readonly how: 'self' | 'setuid' | 'namespace'; readonly uid: number; readonly gid: number }

/** A program with its arguments, as a launch would start it. */
export type Command = {
  readonly program: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** Starts a program as the launch says, in the root folder unless told: ours may be closed to the other user. */
export function spawnAs(launch: Launch, command: Command, options: SpawnOptions): ChildProcess {
  const { program, args } = inside(launch, command)
  return spawn(program, args, { cwd: '/', ...options, ...identity(launch), env: { ...command.environment } })
}

/** Runs a short program to its end; true when it could be started and ended well. */
export function succeedsAs(launch: Launch, command: Command): boolean {
  const { program, args } = inside(launch, command)
  const options = { ...identity(launch), cwd: '/', env: { ...command.environment }, stdio: 'ignore' } as const
  return spawnSync(program, args, options).status === 0
}

function inside(launch: Launch, { program, args }: Command): { readonly program: string; readonly args: string[] } {
  if (launch.how !== 'namespace') return { program, args: [...args] }
  // unshare replaces itself with the program, so the process id stays the one that we know.
  return { program: 'unshare', args: ['--user', '--map-user=65534', '--map-group=65534', '--', program, ...args] }
}

/** With a uid given, Node also drops the supplementary groups that root has. */
function identity({ how, uid, gid }: Launch): { readonly uid?: number; readonly gid?: number } {
  return how === 'setuid' ? { uid, gid } : {}
}
