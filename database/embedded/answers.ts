import postgres from 'postgres'
import { errorCode } from './error-code.ts'

/** What a server says that has no connection to spare: an answer all the same. */
const TOO_MANY_CONNECTIONS = '53300'

/** Whether the server answers a query on its socket. False while it is starting up, in recovery, or going down. */
export async function answers({ host, port }: { readonly host: string; readonly port: number }): Promise<boolean> {
  const sql = postgres({
    ...{ host, port, user: 'postgres', database: 'postgres' },
    ...{ max: 1, connect_timeout: 5, fetch_types: false, onnotice: () => {} },
  })
  try {
    await sql`select 1`
    return true
  } catch (error) {
    return errorCode(error) === TOO_MANY_CONNECTIONS
  } finally {
    await sql.end({ timeout: 1 })
  }
}
