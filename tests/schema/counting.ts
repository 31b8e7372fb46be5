import type { Context } from '../../database/context.ts'

/** The same world, with its reads counted. */
export function counting(context: Context): { readonly context: Context; readonly statements: () => number } {
  let count = 0
  const reads = new Proxy(context.database.reads, {
    apply: (target, self, given) => {
      // fragments of statements are tagged templates too: what is awaited is a statement
      const query: object = Reflect.apply(target, self, given)
      return new Proxy(query, {
        get: (inner, name) => {
          if (name === 'then') count++
          const member: unknown = Reflect.get(inner, name)
          return typeof member === 'function' ? member.bind(inner) : member
        },
      })
    },
  })
  return { context: { ...context, database: { ...context.database, reads } }, statements: () => count }
}
