import type { IRouter } from 'express'
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'

/** `/schema/<name>.graphql`: what each graph offers, for code generators and for reading. */
export function mountSchemas(router: IRouter, schemas: Readonly<Record<string, GraphQLSchema>>): void {
  for (const [name, schema] of Object.entries(schemas)) {
    const text = printSchema(lexicographicSortSchema(schema))
    router.get(`/schema/${name}.graphql`, (_request, response) => {
      response.type('text/plain; charset=utf-8').send(text)
    })
  }
}
