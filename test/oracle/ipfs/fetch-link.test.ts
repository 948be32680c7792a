import { expect } from 'chai'
import { describe, it } from 'mocha'
import { FetchLinkInvalid } from '../../../oracle/ipfs/errors.ts'
import { parseFetchLink } from '../../../oracle/ipfs/fetch-link.ts'

const PEER = '/p2p/12D3KooWHDGCpeQHZZ7mrxfwt7RXftYUV25PxRbgGdVC9u2NYg8i'
const CID = 'bafybeif2akkir27obdnauhtqcn7npyxgm2qnu64kjgpn4y47gvsf2um4sq'

const parse = (text: string) => parseFetchLink(Buffer.from(text))

describe('parseFetchLink', () => {
  it('reads no bytes as no link', () => {
    expect(parse('')).to.deep.equal({ kind: 'none' })
  })

  it('reads comma separated multiaddrs', () => {
    const [first, second] = [`/ip4/203.0.114.7/tcp/4001${PEER}`, `/dns4/node.example/tcp/4001${PEER}`]

    expect(parse(`${first}, ${second}`)).to.deep.equal({ kind: 'multiaddrs', addrs: [first, second] })
  })

  for (const [text, base] of [
    ['https://gateway.example', 'https://gateway.example/'],
    [`https://gateway.example/ipfs/${CID}`, 'https://gateway.example/'],
    [
      `http://gateway.example:8080/some/prefix/ipfs/${CID}/a.txt?download=true#top`,
      'http://gateway.example:8080/some/prefix',
    ],
    [`https://${CID}.ipfs.gateway.example/`, 'https://gateway.example/'],
    [`https://gateway.example/ipfs/${CID}?format=car`, 'https://gateway.example/'],
  ] as const) {
    it(`reads ${text} as a gateway`, () => {
      const link = parse(text)

      expect(link).to.include({ kind: 'http', car: false })
      expect(link)
        .to.have.property('url')
        .that.satisfies((url: URL) => url.href === base)
    })
  }

  for (const text of [
    'https://cars.example/a.car',
    'https://cars.example/piece/baga?x=1',
    'https://cars.example/ipfs/a.car',
  ]) {
    it(`reads ${text} as a CAR`, () => {
      const link = parse(text)

      expect(link).to.include({ kind: 'http', car: true })
      expect(link)
        .to.have.property('url')
        .that.satisfies((url: URL) => url.href === text)
    })
  }

  for (const [title, bytes, words] of [
    ['another scheme', Buffer.from('ftp://cars.example/a.car'), 'http(s) URL or multiaddrs'],
    ['a file URL', Buffer.from('file:///etc/passwd'), 'http(s) URL or multiaddrs'],
    ['a URL with a password', Buffer.from('https://me:secret@files.example/a.car'), 'without user and password'],
    ['a multiaddr without a peer', Buffer.from('/ip4/203.0.114.7/tcp/4001'), 'ends in /p2p'],
    ['a UNIX socket', Buffer.from(`/unix/run%2Fdocker.sock${PEER}`), 'starts with an IP or a name'],
    ['a zone of this machine', Buffer.from(`/ip6zone/eth0/ip6/fe80::1/tcp/4001${PEER}`), 'starts with an IP or a name'],
    ['a broken multiaddr', Buffer.from('/ip4/300.0.0.1/tcp/1'), 'a multiaddr, got'],
    ['bytes that are not text', Buffer.from([0xff, 0xfe]), 'UTF-8'],
    ['more than the contract lets through', Buffer.alloc(1025, 'a'), 'at most 1024 bytes, got 1025'],
  ] as const) {
    it(`refuses ${title}`, () => {
      expect(() => parseFetchLink(bytes))
        .to.throw(FetchLinkInvalid, words)
        .with.property('reason', 'BadContent')
    })
  }
})
