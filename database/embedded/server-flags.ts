/**
 * Settings of the embedded server, as arguments. Durability stays as PostgreSQL ships it: `fsync`, `full_page_writes`
 * and `synchronous_commit` are on. Modest for two cores and a few GiB; the caller's own flags come after and win.
 */
export function serverFlags(): readonly string[] {
  return [...Object.entries(SETTINGS), ...(process.platform === 'linux' ? Object.entries(LINUX_SETTINGS) : [])].flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  )
}

const SETTINGS = {
  // The socket is the only door.
  listen_addresses: '',
  shared_buffers: '256MB',
  max_connections: '100',
  max_wal_size: '2GB',
  // The npm build has no lz4.
  wal_compression: 'pglz',
  // Statements are short: compiling them costs more than it saves.
  jit: 'off',
  // A statement whose client is gone stops, rather than holding its locks to the end.
  client_connection_check_interval: '1s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Errors go to the client. In the log, their sentences, details and statements would spread customers' values.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
} as const

const LINUX_SETTINGS = {
  // One call for the whole file system, rather than one for each file, before recovery.
  recovery_init_sync_method: 'syncfs',
} as const
