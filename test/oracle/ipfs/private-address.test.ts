import type { LookupAddress } from 'node:dns'
import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { PrivateAddress } from '../../../oracle/ipfs/errors.ts'
import { createAddressGuard, isPublicAddress } from '../../../oracle/ipfs/private-address.ts'
import { failureOf } from './fixtures.ts'

const PEER = '/p2p/12D3KooWHDGCpeQHZZ7mrxfwt7RXftYUV25PxRbgGdVC9u2NYg8i'

const ip = (address: string): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })
const answering = (...addresses: string[]) =>
  createAddressGuard({ allowPrivate: false, resolve: async () => addresses.map(ip) })

function look(guard: ReturnType<typeof answering>, options: { all?: boolean }): Promise<string | LookupAddress[]> {
  return new Promise((resolve, reject) =>
    guard.lookup('name.example', options, (error, address) => (error ? reject(error) : resolve(address))),
  )
}

describe('isPublicAddress', () => {
  for (const address of ['8.8.8.8', '100.63.255.255', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8']) {
    it(`says yes to ${address}`, () => expect(isPublicAddress(address)).to.equal(true))
  }

  for (const [title, addresses] of Object.entries({
    unspecified: ['0.0.0.0', '::'],
    loopback: ['127.0.0.1', '127.255.0.9', '::1'],
    private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12::1'],
    'link-local': ['169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'fec0::1'],
    CGNAT: ['100.64.0.1', '100.127.255.255'],
    'multicast and broadcast': ['224.0.0.1', '239.255.255.250', '255.255.255.255', 'ff02::1'],
    reserved: ['192.0.0.1', '192.0.2.1', '198.18.0.1', '203.0.113.1', '240.0.0.1', '2001:db8::1', '100::1'],
    'IPv4 in IPv6 clothes': [
      '::ffff:127.0.0.1',
      '::127.0.0.1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '::ffff:0:127.0.0.1',
    ],
    'not an address': ['localhost', ''],
  })) {
    for (const address of addresses) {
      it(`says no to ${address || 'nothing'} (${title})`, () => expect(isPublicAddress(address)).to.equal(false))
    }
  }
})

describe('createAddressGuard', () => {
  it('gives a socket the public addresses of a name and leaves out the others', async () => {
    const guard = answering('10.0.0.1', '8.8.8.8', '::1')

    expect(await look(guard, { all: true })).to.deep.equal([ip('8.8.8.8')])
    expect(await look(guard, {})).to.equal('8.8.8.8')
  })

  it('refuses a name that has private addresses alone, and says which', async () => {
    const error = await failureOf(look(answering('10.0.0.1', '::1'), { all: true }), PrivateAddress)

    expect(error.message).to.contain('10.0.0.1, ::1')
    expect(error.reason).to.equal('BadContent')
  })

  it('refuses the second answer of a name that was public a moment ago', async () => {
    const answers = [['8.8.8.8'], ['127.0.0.1']]
    const guard = createAddressGuard({ allowPrivate: false, resolve: async () => answers.shift()!.map(ip) })
    await guard.requirePublic('name.example')

    await failureOf(look(guard, { all: true }), PrivateAddress)
  })

  it('refuses IP literals, bracketed ones too', () => {
    const guard = answering()

    expect(() => guard.requirePublicLiteral('[::1]')).to.throw(PrivateAddress, '::1')
    expect(() => guard.requirePublicLiteral('169.254.169.254')).to.throw(PrivateAddress, '169.254.169.254')
    expect(() => guard.requirePublicLiteral('8.8.8.8')).not.to.throw()
  })

  for (const [address, permitted] of [
    ['/ip4/8.8.8.8/tcp/4001', true],
    ['/dns4/name.example/tcp/4001', true],
    ['/ip4/127.0.0.1/tcp/4001', false],
    ['/ip6/::1/tcp/4001', false],
    [
      '/ip4/8.8.8.8/tcp/1/p2p/12D3KooWHDGCpeQHZZ7mrxfwt7RXftYUV25PxRbgGdVC9u2NYg8i/p2p-circuit/ip4/10.0.0.1/tcp/1',
      false,
    ],
    ['/dns4/name.example/tcp/443/tls/ws', false],
    ['/dns4/name.example/udp/4001/quic-v1', false],
    ['/unix/run%2Fdocker.sock', false],
  ] as const) {
    it(`${permitted ? 'lets libp2p dial' : 'keeps libp2p from dialling'} ${address}`, () => {
      expect(answering().permits(multiaddr(`${address}${PEER}`))).to.equal(permitted)
    })
  }

  it('lets everything through where private addresses are allowed', async () => {
    const guard = createAddressGuard({ allowPrivate: true, resolve: async () => [ip('127.0.0.1')] })

    expect(await look(guard, { all: true })).to.deep.equal([ip('127.0.0.1')])
    expect(guard.permits(multiaddr(`/ip4/127.0.0.1/tcp/1${PEER}`))).to.equal(true)
    expect(() => guard.requirePublicLiteral('127.0.0.1')).not.to.throw()
  })
})
