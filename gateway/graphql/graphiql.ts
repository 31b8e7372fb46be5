import type { RequestHandler } from 'express'
import { renderGraphiQL } from 'graphql-yoga'

/** GraphiQL loads itself from a public address: for development alone. */
const POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' https://unpkg.com blob:",
  "style-src 'unsafe-inline' https://unpkg.com",
  'font-src https://unpkg.com data:',
  "img-src 'self' data: https:",
  "connect-src 'self' https://unpkg.com",
  'worker-src blob:',
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Serves GraphiQL to a browser that comes to a graph's address; others go on. */
export function graphiql(title: string): RequestHandler {
  const page = renderGraphiQL({ title, defaultHeaders: '{ "Authorization": "Bearer …" }', shouldPersistHeaders: false })
  return (request, response, next) => {
    const browser = request.method === 'GET' && request.headers.accept?.includes('text/html')
    if (!browser || request.query['query'] !== undefined) return next()
    response.set({ 'content-security-policy': POLICY, 'cross-origin-embedder-policy': 'unsafe-none' })
    response.type('html').send(page)
  }
}
