import { createHash } from 'node:crypto'
import type { IRouter } from 'express'
import { DIRECTORY_PATH } from '../directory/mount-directory.ts'
import { type Addresses, addressesOf, type GatewaySettings } from '../settings.ts'
import type { Readiness } from './mount-health.ts'

type Row = { readonly what: string; readonly href: string; readonly note: string }

const STYLE = `
:root { color-scheme: light dark; --ink: #16202c; --soft: #5b6b7d; --line: #dbe2ea; --paper: #fff; --ground: #f3f6f9; --brand: #0b6b74 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf4; --soft: #9aaabb; --line: #2a3644; --paper: #16202b; --ground: #0e151d; --brand: #4cc2cc } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif }
main { max-width: 46rem; margin: 0 auto; padding: 4rem 1.25rem 3rem }
header { display: flex; align-items: baseline; gap: 1rem; flex-wrap: wrap }
h1 { margin: 0; font-size: 2.25rem; letter-spacing: -.02em }
.state { font-size: .85rem; padding: .15rem .7rem; border-radius: 1rem; border: 1px solid currentColor; color: var(--brand) }
.state.down { color: #c0392b }
.lead { color: var(--soft); font-size: 1.1rem; margin: .75rem 0 2rem; max-width: 38rem }
section { background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; padding: 1.1rem 1.4rem; margin: 0 0 1.1rem }
h2 { font-size: .8rem; letter-spacing: .08em; text-transform: uppercase; color: var(--soft); margin: 0 0 .4rem }
dl { margin: 0; display: grid; grid-template-columns: 11.5rem 1fr; gap: .45rem 1.25rem }
dt { font-weight: 600 }
dd { margin: 0; color: var(--soft); overflow-wrap: anywhere }
a { color: var(--brand); text-decoration: none } a:hover { text-decoration: underline }
code { font: .92em ui-monospace, SFMono-Regular, Menlo, monospace }
footer { color: var(--soft); font-size: .85rem; margin-top: 2rem }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: .6rem } main { padding-top: 2rem } }
`
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** `/`: what this is, where things are, and whether it serves. Nothing is loaded from elsewhere. */
export function mountLandingPage(
  router: IRouter,
  settings: GatewaySettings,
  readiness: () => Promise<Readiness>,
): void {
  router.get('/', async (_request, response) => {
    response.set({ 'content-security-policy': POLICY, 'cache-control': 'no-store' }).type('html')
    response.send(page(settings, await readiness()))
  })
}

function page(settings: GatewaySettings, { ready, reason }: Readiness): string {
  const addresses = addressesOf(settings)
  const state = ready
    ? '<span class="state">serving</span>'
    : `<span class="state down">${escapeHtml(reason ?? 'down')}</span>`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tributary</title><style>${STYLE}</style></head>
<body><main>
<header><h1>Tributary</h1>${state}</header>
<p class="lead">A brokerage's gateway for partners: they see only what a customer agreed to share, offer suitable products, and
are paid exactly what their contribution earned, with a proof that nobody has to take on trust.</p>
${section('For partners', partnerRows(addresses))}
${section('For customers and staff', peopleRows(addresses, settings.development?.graphiql === true))}
${section('For everybody', publicRows(addresses))}
${section('Operations', operationsRows(addresses))}
<footer>${escapeHtml(addresses.origin)}</footer>
</main></body></html>
`
}

function partnerRows(addresses: Addresses): readonly Row[] {
  const { partnerGraph, contributions, authorizationServer, partnerGraphMetadata, origin } = addresses
  return [
    { what: 'Partner graph', href: partnerGraph, note: 'GraphQL over POST; access token with a DPoP proof' },
    { what: 'Contributions', href: contributions, note: 'POST up to 10,000 as NDJSON; the same token' },
    {
      what: 'A contribution',
      href: `${origin}/schemas/contribution.json`,
      note: 'what a line of them is, as JSON Schema',
    },
    { what: 'Schema', href: `${origin}/schema/partner.graphql`, note: 'what the partner graph offers, as SDL' },
    {
      what: 'Authorization server',
      href: `${origin}/.well-known/oauth-authorization-server/oauth`,
      note: `issuer ${authorizationServer}; FAPI 2.0: authorization codes and client credentials, private_key_jwt, DPoP`,
    },
    { what: 'Resource metadata', href: partnerGraphMetadata, note: 'scopes and algorithms (RFC 9728)' },
  ]
}

function peopleRows(
  { customerPages, customerGraph, operationsGraph, origin }: Addresses,
  graphiql: boolean,
): readonly Row[] {
  const how = graphiql ? 'opens GraphiQL in a browser' : 'GraphQL over POST; token of the identity provider'
  return [
    { what: 'My consents', href: customerPages, note: 'what a customer shares, who read it, and how to end it' },
    { what: 'Customer graph', href: customerGraph, note: how },
    { what: 'Customer schema', href: `${origin}/schema/customer.graphql`, note: 'consents and what was disclosed' },
    { what: 'Operations graph', href: operationsGraph, note: how },
    { what: 'Operations schema', href: `${origin}/schema/operations.graphql`, note: 'partners, periods, statements' },
  ]
}

function publicRows({ transparency, origin }: Addresses): readonly Row[] {
  return [
    { what: 'Partners', href: `${origin}${DIRECTORY_PATH}`, note: 'who they are, and what each may ask for' },
    {
      what: 'Checkpoint',
      href: `${transparency}/checkpoint`,
      note: 'the signed head of the log (C2SP tlog-checkpoint)',
    },
    { what: 'Key of the log', href: `${transparency}/key`, note: 'what checks the signature; keep a copy' },
  ]
}

function operationsRows({ ingest, origin }: Addresses): readonly Row[] {
  return [
    { what: 'Ingest', href: `${ingest}/revenue`, note: "POST the broker's facts as NDJSON" },
    { what: 'Live', href: `${origin}/livez`, note: 'the process turns' },
    { what: 'Ready', href: `${origin}/readyz`, note: 'it can serve' },
    { what: 'Metrics', href: `${origin}/metrics`, note: 'for Prometheus' },
  ]
}

function section(title: string, rows: readonly Row[]): string {
  const items = rows.map(({ what, href, note }) => {
    const address = escapeHtml(href)
    return `<dt>${escapeHtml(what)}</dt><dd><a href="${address}"><code>${escapeHtml(new URL(href).pathname)}</code></a> ${escapeHtml(note)}</dd>`
  })
  return `<section><h2>${escapeHtml(title)}</h2><dl>${items.join('')}</dl></section>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
