import type { IRouter, Request, RequestHandler, Response } from 'express'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** What this process counts. */
export type Metrics = { readonly registry: Registry; readonly count: RequestHandler }

const LABELS = ['route', 'method', 'status'] as const
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Counts and times requests by route, never by address: what a caller makes up must not fill the memory. */
export function requestMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'tributary_http_requests_total',
    help: 'Requests answered, by route, method and status.',
    labelNames: LABELS,
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'tributary_http_request_duration_seconds',
    help: 'Time from the request to the end of its answer.',
    labelNames: LABELS,
    buckets: SECONDS,
    registers: [registry],
  })
  const count: RequestHandler = (request, response, next) => {
    const startedAt = performance.now()
    response.once('close', () => {
      const labels = labelsOf(request, response)
      requests.inc(labels)
      seconds.observe(labels, (performance.now() - startedAt) / 1000)
    })
    next()
  }
  return { registry, count }
}

function labelsOf(request: Request, response: Response): Record<(typeof LABELS)[number], string> {
  const path: unknown = request.route?.path
  const method = METHODS.has(request.method) ? request.method : 'OTHER'
  return { route: typeof path === 'string' ? path : 'none', method, status: String(response.statusCode) }
}

/** `/metrics` for Prometheus. It has no secrets; keep it from the world at the proxy. */
export function mountMetrics(router: IRouter, { registry }: Metrics): void {
  router.get('/metrics', async (_request, response) => {
    response
      .set('content-type', registry.contentType)
      .set('cache-control', 'no-store')
      .send(await registry.metrics())
  })
}
