import dns from 'node:dns'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import type { Multiaddr } from '@multiformats/multiaddr'
import ipaddr from 'ipaddr.js'
import { PrivateAddress } from './errors.ts'

export type Resolve = (name: string, options: dns.LookupAllOptions) => Promise<dns.LookupAddress[]>

/** Decides which addresses a fetch link may lead to. */
export interface AddressGuard {
  /** Given to sockets as their resolver: what was judged is what is connected to, a second answer cannot differ. */
  readonly lookup: LookupFunction
  /** @throws {PrivateAddress} the host is an IP address that is not public. Names are judged by {@link lookup}. */
  requirePublicLiteral(host: string): void
  /** @throws {PrivateAddress} no address of the name is public */
  requirePublic(host: string): Promise<void>
  /** Whether libp2p may dial it: every IP in it is public, and a name is resolved by {@link lookup} alone. */
  permits(address: Multiaddr): boolean
}

/** With `allowPrivate` everything is let through, which only a local chain may ask for. */
export function createAddressGuard({
  allowPrivate,
  resolve = dns.promises.lookup,
}: {
  allowPrivate: boolean
  resolve?: Resolve
}): AddressGuard {
  const permitted = (ip: string) => allowPrivate || isPublicAddress(ip)

  const permittedOf = async (name: string, options: dns.LookupAllOptions) => {
    const found = await resolve(name, { ...options, all: true })
    const usable = found.filter(({ address }) => permitted(address))
    if (usable.length === 0) {
      throw new PrivateAddress(
        `${name}: a public address, got ${found.map(({ address }) => address).join(', ') || 'none'}`,
      )
    }
    return usable
  }

  const requirePublicLiteral = (host: string) => {
    const ip = host.replace(/^\[|\]$/g, '')
    if (isIP(ip) !== 0 && !permitted(ip)) throw new PrivateAddress(`a public address, got ${ip}`)
  }

  return {
    requirePublicLiteral,
    async requirePublic(host) {
      requirePublicLiteral(host)
      if (isIP(host) === 0) await permittedOf(host, { all: true })
    },
    lookup(name, options, callback) {
      const family = options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : (options.family ?? 0)
      permittedOf(name, { hints: options.hints, family, all: true }).then(
        (usable) =>
          options.all === true ? callback(null, usable) : callback(null, usable[0]!.address, usable[0]!.family),
        (error: NodeJS.ErrnoException) => callback(error, '', 0),
      )
    },
    permits(address) {
      if (allowPrivate) return true
      const parts = address.getComponents()
      const plainTcp = parts.every(({ name }) =>
        ['ip4', 'ip6', 'dns', 'dns4', 'dns6', 'dnsaddr', 'tcp', 'p2p'].includes(name),
      )
      return parts.every(({ name, value = '' }) => {
        if (name === 'ip4' || name === 'ip6') return isPublicAddress(value)
        if (name.startsWith('dns')) return plainTcp
        return name !== 'unix' && name !== 'ip6zone'
      })
    },
  }
}

/**
 * Whether an address is one that anybody on the internet could reach: no private, loopback, link-local, CGNAT, multicast,
 * reserved or translated range, and no IPv4 address in IPv6 clothes. Source: the IANA special-purpose address registries.
 */
export function isPublicAddress(ip: string): boolean {
  if (!ipaddr.isValid(ip) || ip.includes('%')) return false
  const address = ipaddr.process(ip)
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || address.match(ipaddr.parseCIDR('2000::/3'))
}
