import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
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

/** Which blocks belong to which DAG: one file per root, one multihash per line; of DAGs that are not whole, too. */
export interface Pins {
  /** With the `root`, what was listed outlasts a draft that is not committed: it says what is left to be removed. */
  draft(root?: CID): Promise<PinDraft>
  /** The blocks that the root's lists have and no other list has. */
  exclusiveTo(root: CID): AsyncIterable<CID>
  remove(root: CID): Promise<void>
}

export interface PinDirs {
  pins: string
  drafts: string
  /** Emptied at each start. */
  scratch: string
}

/** Lines are written when they take so many characters; a process that dies leaves fewer blocks than this unlisted. */
const FLUSH_LENGTH = 4 * 1024

export async function openPins(dirs: PinDirs): Promise<Pins> {
  await mkdir(dirs.pins, { recursive: true })
  await mkdir(dirs.drafts, { recursive: true })
  for (const name of await readdir(dirs.drafts)) {
    const [root, run] = name.split('.')
    if (run !== undefined) await keepLonger(join(dirs.drafts, name), join(dirs.drafts, root!)) // of a process that died
  }
  return new FilePins(dirs)
}

class FilePins implements Pins {
  readonly #dirs: PinDirs

  constructor(dirs: PinDirs) {
    this.#dirs = dirs
  }

  async draft(known?: CID): Promise<PinDraft> {
    const { drafts, scratch } = this.#dirs
    const file = known ? join(drafts, `${known}.${randomUUID()}`) : join(scratch, `${randomUUID()}.pin`)
    const handle = await open(file, 'wx')
    let committed = false
    let lines = ''
    const flush = async () => {
      await handle.appendFile(lines)
      lines = ''
    }
    return {
      add: async (cid) => {
        lines += `${base64url.encode(cid.multihash.bytes)}\n`
        if (lines.length > FLUSH_LENGTH) await flush()
      },
      commit: async (root) => {
        await flush()
        await handle.sync()
        await rename(file, this.#pin(root))
        await rm(this.#draft(root), { force: true })
        committed = true
      },
      [Symbol.asyncDispose]: async () => {
        if (!committed) await flush()
        await handle.close()
        if (committed) return
        if (known) await keepLonger(file, this.#draft(known))
        else await rm(file, { force: true })
      },
    }
  }

  async *exclusiveTo(root: CID): AsyncIterable<CID> {
    const exclusive = new Set<string>()
    const own = [this.#pin(root), this.#draft(root)]
    for (const file of own) for await (const line of linesOf(file)) exclusive.add(line)
    for (const dir of [this.#dirs.pins, this.#dirs.drafts]) {
      for (const name of await readdir(dir)) {
        const other = join(dir, name)
        if (exclusive.size === 0) return
        if (!own.includes(other)) for await (const line of linesOf(other)) exclusive.delete(line)
      }
    }
    for (const line of exclusive) {
      const cid = cidOf(line)
      if (cid !== undefined) yield cid
    }
  }

  async remove(root: CID): Promise<void> {
    await rm(this.#pin(root), { force: true })
    await rm(this.#draft(root), { force: true })
  }

  #pin(root: CID): string {
    return join(this.#dirs.pins, root.toString())
  }

  #draft(root: CID): string {
    return join(this.#dirs.drafts, root.toString())
  }
}

/** A DAG is listed in the same order each time: the longer list has what the shorter one has. */
async function keepLonger(file: string, kept: string): Promise<void> {
  const length = async (path: string) => (await stat(path).catch(absent))?.size ?? 0
  if ((await length(file)) > (await length(kept))) await rename(file, kept)
  else await rm(file, { force: true })
}

async function* linesOf(file: string): AsyncIterable<string> {
  const handle = await open(file).catch(absent)
  if (handle === undefined) return
  for await (const line of handle.readLines()) if (line !== '') yield line
}

/** Nothing for the line that a process was writing when it died. */
function cidOf(line: string): CID | undefined {
  try {
    return CID.createV1(raw.code, decodeDigest(base64url.decode(line)))
  } catch {
    return undefined
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
