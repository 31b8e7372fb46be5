import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { Fault } from '../../kernel/fault.ts'

/** Proxies of ours: addresses, and networks such as 10.1.0.0/16. */
export type Proxies = { readonly has: (address: string) => boolean }

/** Reads proxies' addresses. Throws `CONFIG_INVALID`. */
export function proxiesAt(addresses: readonly string[]): Proxies {
  const list = new BlockList()
  for (const proxy of addresses) {
    const [address = '', bits] = proxy.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    try {
      if (bits === undefined) list.addAddress(address, family)
      else list.addSubnet(address, Number(bits), family)
    } catch (cause) {
      throw new Fault('CONFIG_INVALID', 'a proxy is an address or a network, such as 10.1.0.0/16', { cause })
    }
  }
  return {
    has: (address) => {
      const family = isIP(address)
      return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4')
    },
  }
}

/**
 * Where a request comes from: the address that connected, or the last one in `X-Forwarded-For` that no proxy of ours has,
 * where it was a proxy of ours that connected. Of IPv6 the network of 64 bits, which is what one household is given.
 */
export function clientAddress(request: IncomingMessage, proxies: Proxies): string {
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
  let address = request.socket.remoteAddress ?? ''
  while (proxies.has(address)) {
    const before = forwarded.pop()?.trim() ?? ''
    if (isIP(before) === 0) break
    address = before
  }
  return isIP(address) === 6 ? networkOf(address) : address
}

function networkOf(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? []
  if (mapped !== undefined) return mapped
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? []
  const groups = (text = '') => text.split(':').filter((group) => group !== '')
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...groups(tail)]
  return `${all.slice(0, 4).join(':').toLowerCase()}::/64`
}
