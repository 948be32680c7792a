import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { CarReader } from '@ipld/car'
import { afterEach } from 'mocha'
import { parseFetchLink, type FetchLink } from '../../../oracle/ipfs/fetch-link.ts'
import { createIpfs, type Ipfs, type IpfsOptions } from '../../../oracle/ipfs/node.ts'
import { collectAll, log, tempDir } from './fixtures.ts'

/** Nodes that live as long as one test. */
export class NodeWorld {
  /** What is disposed of after the test. */
  readonly open: AsyncDisposable[] = []

  /** A node with a folder of its own, whose data is in `data`. */
  async node(options: Partial<IpfsOptions> = {}): Promise<Ipfs & { dir: string }> {
    const dir = await tempDir()
    const dataDir = join(dir.path, 'data')
    const listen = ['/ip4/127.0.0.1/tcp/0']
    const ipfs = await createIpfs({ dataDir, listen, routing: 'off', allowPrivate: true, log, ...options })
    this.open.push({
      [Symbol.asyncDispose]: async () => {
        await ipfs.stop()
        await dir[Symbol.asyncDispose]()
      },
    })
    return Object.assign(ipfs, { dir: dir.path })
  }
}

/** A world that is emptied after each test of the suite that calls this. */
export function useNodes(): NodeWorld {
  const world = new NodeWorld()
  afterEach(async () => {
    for (const each of world.open.splice(0)) await each[Symbol.asyncDispose]()
  })
  return world
}

/** Writes files of random bytes into a new directory. */
export async function directory(dir: string, sizes: number[]): Promise<string> {
  const path = join(dir, 'input')
  await mkdir(path)
  for (const [i, size] of sizes.entries()) await writeFile(join(path, `file-${i}`), randomBytes(size))
  return path
}

/** Blocks in a node's store. */
export async function storedBlocks(dir: string): Promise<number> {
  const names = await readdir(join(dir, 'data', 'blocks'), { recursive: true })
  return names.filter((name) => name.endsWith('.data')).length
}

export const linkTo = (peer: Ipfs): FetchLink => parseFetchLink(Buffer.from(peer.multiaddrs().join(',')))
export const car = (url: URL) => ({ kind: 'http', url, car: true }) as const
export const gateway = (url: URL) => ({ kind: 'http', url, car: false }) as const

export async function blocksOf(file: string) {
  const reader = await CarReader.fromBytes(await readFile(file))
  return { roots: await reader.getRoots(), blocks: await collectAll(reader.blocks()) }
}
