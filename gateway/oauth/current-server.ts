import type { Provider } from 'oidc-provider'
import type { Context } from '../../database/context.ts'
import type { KeyWatch } from '../keys/watch-keys.ts'
import { type AuthorizationServerParts, authorizationServer } from './authorization-server.ts'

/** The authorization server with the key that signs now. */
export type CurrentServer = () => Promise<Provider>

/** Makes the authorization server anew whenever another key signs: what it remembers is in the database. */
export function currentServer(
  context: Context,
  { keys: watch, ...parts }: Omit<AuthorizationServerParts, 'keys'> & { readonly keys: KeyWatch },
): CurrentServer {
  let made: { readonly provider: Provider; readonly names: string } | undefined
  return async () => {
    const keys = await watch.keys()
    const names = keys.published.map(({ kid }) => kid).join(' ')
    if (made?.names !== names) made = { provider: authorizationServer(context, { ...parts, keys }), names }
    return made.provider
  }
}
