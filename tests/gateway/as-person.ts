import type { Context } from '../../database/context.ts'
import { type DevelopmentPerson, makeDevelopmentToken } from '../../gateway/authenticate/development-token.ts'
import type { GatewaySettings } from '../../gateway/settings.ts'
import type { Door } from './gateway.ts'

/** Where a person's token is made, and by which door they come in, if that is another one. */
export type Reception = Door & { readonly context: Context; readonly settings: GatewaySettings }

/** What a graph answers to a person. */
export type PersonAnswer = {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[]
}

/** Asks the graph of a person, customer or staff, with a good token. */
export async function askAsPerson(
  reception: Reception,
  person: DevelopmentPerson,
  { query, variables = {}, door = reception }: { query: string; variables?: object; door?: Door },
): Promise<{ readonly status: number; readonly body: PersonAnswer }> {
  const token = await makeDevelopmentToken(reception.context, reception.settings, person)
  const answer = await door.fetch('staff' in person ? '/operations/graphql' : '/customer/graphql', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return { status: answer.status, body: (await answer.json()) as PersonAnswer }
}
