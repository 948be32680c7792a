import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { base64url } from 'multiformats/bases/base64'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { decode as decodeDigest } from 'multiformats/hashes/digest'

/** The list of a DAG's blocks while it is gathered. Nothing is pinned until {@link PinDraft.commit}. */
export interface PinDraft extends AsyncDisposable {
  add(cid: CID): Promise<void>
  commit(root: CID): Promise<void>
}

/** Which blocks belong to which kept DAG: one file per root, one multihash per line. */
export interface Pins {
  draft(): Promise<PinDraft>
  /** The blocks that the root's list has and no other list has. */
  exclusiveTo(root: CID): AsyncIterable<CID>
  remove(root: CID): Promise<void>
}

export async function openPins(dir: string, scratchDir: string): Promise<Pins> {
  await mkdir(dir, { recursive: true })
  return new FilePins(dir, scratchDir)
}

class FilePins implements Pins {
  readonly #dir: string
  readonly #scratchDir: string

  constructor(dir: string, scratchDir: string) {
    this.#dir = dir
    this.#scratchDir = scratchDir
  }

  async draft(): Promise<PinDraft> {
    const file = join(this.#scratchDir, `${randomUUID()}.pin`)
    const handle = await open(file, 'wx')
    let lines = ''
    const flush = async () => {
      await handle.appendFile(lines)
      lines = ''
    }
    return {
      add: async (cid) => {
        lines += `${base64url.encode(cid.multihash.bytes)}\n`
        if (lines.length > 64 * 1024) await flush()
      },
      commit: async (root) => {
        await flush()
        await handle.sync()
        await rename(file, this.#file(root))
      },
      [Symbol.asyncDispose]: async () => {
        await handle.close()
        await rm(file, { force: true })
      },
    }
  }

  async *exclusiveTo(root: CID): AsyncIterable<CID> {
    const exclusive = new Set<string>()
    const own = this.#file(root)
    for await (const line of linesOf(own)) exclusive.add(line)
    for (const name of await readdir(this.#dir)) {
      const other = join(this.#dir, name)
      if (exclusive.size === 0) return
      if (other !== own) for await (const line of linesOf(other)) exclusive.delete(line)
    }
    for (const line of exclusive) yield CID.createV1(raw.code, decodeDigest(base64url.decode(line)))
  }

  async remove(root: CID): Promise<void> {
    await rm(this.#file(root), { force: true })
  }

  #file(root: CID): string {
    return join(this.#dir, root.toString())
  }
}

async function* linesOf(file: string): AsyncIterable<string> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (handle !== undefined) yield* handle.readLines()
}
