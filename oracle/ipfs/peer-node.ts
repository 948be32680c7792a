import { withBitswap } from '@helia/bitswap'
import { libp2pDefaults, withLibp2pLight } from '@helia/libp2p'
import type { CreateLibp2pOptions, HeliaWithLibp2p } from '@helia/libp2p'
import { bootstrap } from '@libp2p/bootstrap'
import { identify } from '@libp2p/identify'
import type { PrivateKey, ServiceMap } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import type { TCPSocketOptions } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { FsBlockstore } from 'blockstore-fs'
import { createHeliaLight } from 'helia'
import type { CID } from 'multiformats/cid'
import { from as hasherFrom } from 'multiformats/hashes/hasher'
import { BLOCK_HASHES, digestOf } from '../proofs/block-hash.ts'
import { collectAtMost } from './collect.ts'
import { MAX_BLOCK_BYTES } from './limits.ts'
import type { AddressGuard } from './private-address.ts'

export type PeerNode = HeliaWithLibp2p<ServiceMap>

export interface PeerNodeOptions {
  blocksDir: string
  privateKey: PrivateKey
  /** Multiaddrs, tcp alone. */
  listen: string[]
  /** `off`: speaks with the peers it is told of. `public`: also finds peers through the DHT and delegated routing. */
  routing: 'off' | 'public'
  guard: AddressGuard
}

/** Bitswap names a block by its hash function, so it needs each that blocks are checked with. */
const HASHERS = BLOCK_HASHES.map(({ code, name, algorithm }) =>
  hasherFrom({ code, name, encode: (bytes) => digestOf({ algorithm }, bytes) }),
)

/** Starts a Helia node that exchanges blocks over bitswap and libp2p. */
export async function startPeerNode(options: PeerNodeOptions): Promise<PeerNode> {
  const blockstore = new ServedBlocks(options.blocksDir)
  const light = createHeliaLight({ blockstore, hashers: HASHERS })
  return withBitswap(withLibp2pLight<typeof light, ServiceMap>(light, libp2pOptions(options))).start()
}

/** The name is what bitswap knows an absent block by. */
class NotServed extends Error {
  override name = 'NotFoundError'
}

/** What is on disk, to be read: what the network brings is stored by who asked for it, after its limits are checked. */
class ServedBlocks extends FsBlockstore {
  /** A file kept as one block is too large for bitswap, and for memory: peers are told that it is not here. */
  override async *get(cid: CID, options?: Parameters<FsBlockstore['get']>[1]): AsyncGenerator<Uint8Array> {
    const bytes = await collectAtMost(MAX_BLOCK_BYTES, super.get(cid, options))
    if (bytes === undefined) throw new NotServed(`${cid}: a block of more than ${MAX_BLOCK_BYTES} bytes`)
    yield bytes
  }

  override put(cid: CID): Promise<CID> {
    return Promise.resolve(cid)
  }

  override delete(): Promise<void> {
    return Promise.resolve()
  }
}

function libp2pOptions({ privateKey, listen, routing, guard }: PeerNodeOptions): CreateLibp2pOptions<ServiceMap> {
  // Given to net.connect as it is, so the resolver goes with it.
  const dialOpts: TCPSocketOptions = { lookup: guard.lookup } as TCPSocketOptions
  return {
    privateKey,
    addresses: { listen },
    transports: [tcp({ dialOpts })],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: (address) => !guard.permits(address) },
    peerDiscovery: routing === 'public' ? [bootstrap({ list: BOOTSTRAP })] : [],
    services: routing === 'public' ? publicServices() : { identify: identify() },
  }
}

// Typed for their own components; libp2p checks at start that all of them are there.
function publicServices() {
  const { identify, identifyPush, ping, dht, delegatedContentRouting, delegatedPeerRouting } = libp2pDefaults().services
  const services = { identify, identifyPush, ping, dht, delegatedContentRouting, delegatedPeerRouting }
  return services as unknown as NonNullable<CreateLibp2pOptions<ServiceMap>['services']>
}

// The public network's own entry points. Source: docs.ipfs.tech/how-to/modify-bootstrap-list.
const BOOTSTRAP = [
  '/dnsaddr/bootstrap.libp2p.io/p2p/QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN',
  '/dnsaddr/bootstrap.libp2p.io/p2p/QmQCU2EcMqAqQPR2i9bChDtGNJchTbq5TbXJJ16u19uLTa',
  '/dnsaddr/bootstrap.libp2p.io/p2p/QmbLHAnMoJPWSCR5Zhtx6BHJX9KiKNN6tpvbUcqanj75Nb',
  '/dnsaddr/bootstrap.libp2p.io/p2p/QmcZf59bWwK5XFi76CZX8cbJ4BhTzzA3gU1ZjYZcYW3dwt',
]
