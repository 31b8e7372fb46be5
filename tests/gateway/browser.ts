import { ORIGIN } from './gateway.ts'

/** What a browser goes to: requests for an origin (that of the tests, unless told) are fetched so. */
type Site = {
  readonly origin?: string
  readonly fetch: (address: string, init?: RequestInit) => Promise<Response>
}

type Cookie = { readonly name: string; readonly value: string; readonly path: string }

/** A page that was come to: where it is, and what it says. */
export type Seen = {
  readonly address: string
  readonly status: number
  readonly text: string
  readonly headers: Headers
}

/** As much of a browser as our pages need: cookies by path, redirects followed while they stay with us, forms. */
export class Browser {
  readonly #sites: readonly Site[]
  readonly #origin: string
  #cookies: readonly Cookie[] = []
  #asked = 0

  /** Each request goes to the next of the sites: they share nothing but the database. */
  constructor(...sites: readonly Site[]) {
    this.#sites = sites
    this.#origin = sites[0]?.origin ?? ORIGIN
  }

  async get(address: string, headers: Readonly<Record<string, string>> = {}): Promise<Seen> {
    return this.#go(address, { headers })
  }

  /** Sends a form. */
  async post(
    address: string,
    form: readonly (readonly [string, string])[],
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Seen> {
    const body = new URLSearchParams(form.map(([name, value]) => [name, value]))
    return this.#go(address, {
      method: 'POST',
      body,
      headers: { origin: this.#origin, 'sec-fetch-site': 'same-origin', ...headers },
    })
  }

  /** Another browser that has the same cookies. */
  copy(): Browser {
    const other = new Browser(...this.#sites)
    other.#cookies = this.#cookies
    return other
  }

  async #go(address: string, init: RequestInit): Promise<Seen> {
    const url = new URL(address, this.#origin)
    if (url.origin !== this.#origin) return { address: url.href, status: 0, text: '', headers: new Headers() }
    const site = this.#sites[this.#asked++ % this.#sites.length]
    if (site === undefined) throw new Error('a browser has somewhere to go')
    const headers = new Headers({ accept: 'text/html', ...Object.fromEntries(new Headers(init.headers)) })
    const cookies = this.#cookies.filter(
      ({ path }) => url.pathname === path || url.pathname.startsWith(path === '/' ? '/' : `${path}/`),
    )
    if (cookies.length > 0) headers.set('cookie', cookies.map(({ name, value }) => `${name}=${value}`).join('; '))
    const response = await site.fetch(url.href, { ...init, headers })
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    const location = response.headers.get('location')
    const text = await response.text()
    if (location !== null && response.status >= 300 && response.status < 400)
      return this.get(new URL(location, url).href)
    return { address: `${url.pathname}${url.search}`, status: response.status, text, headers: response.headers }
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(/; */)
    const at = pair.indexOf('=')
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
    const path = attributes.find((text) => text.startsWith('path='))?.slice(5) ?? '/'
    const others = this.#cookies.filter((cookie) => cookie.name !== name || cookie.path !== path)
    this.#cookies = value === '' ? others : [...others, { name, value, path }]
  }
}

/** Value of a hidden field. */
export function hidden({ text }: Seen, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? ''
}

/** Where a page goes on by itself, or its way back leads. */
export function wayOn({ text }: Seen): string {
  const address =
    /content="0; url=([^"]*)"/.exec(text)?.[1] ?? /class="button main" href="([^"]*)"/.exec(text)?.[1] ?? ''
  return address.replaceAll('&#38;', '&')
}
