import { sayFault } from '../say-fault.ts'

/** Prints as indented JSON what the work gives, or says its fault and sets the exit code. */
export async function say(work: () => Promise<unknown>): Promise<void> {
  try {
    process.stdout.write(`${JSON.stringify(await work(), null, 2)}\n`)
  } catch (error) {
    process.exitCode = sayFault(error)
  }
}
