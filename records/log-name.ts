/**
 * The name of the log that is served under this origin, as it stands in its checkpoints and its key: the address without
 * the scheme, `api.example.com/transparency`. Source: C2SP tlog-tiles.md, “Parameters”.
 */
export function logNameOf(origin: string): string {
  return `${new URL(origin).host}/transparency`
}
