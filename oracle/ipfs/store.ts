import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { FsBlockstore } from 'blockstore-fs'
import type { CID } from 'multiformats/cid'
import { blockMatches } from '../proofs/block-hash.ts'
import { collectAtMost } from './collect.ts'
import { MAX_BLOCK_BYTES } from './limits.ts'
import { Mutex } from './mutex.ts'
import { openPins } from './pins.ts'
import type { PinDraft, Pins } from './pins.ts'

export interface Store {
  /** For files that nobody needs after a restart; emptied by {@link openStore}. */
  readonly scratchDir: string
  /** The blocks themselves, for those who only serve them. */
  readonly blocks: FsBlockstore
  /**
   * A block's bytes, checked against the CID; undefined where it is not here, or is a file kept as one block that is larger
   * than {@link MAX_BLOCK_BYTES}. A spoilt block is removed.
   */
  read(cid: CID): Promise<Uint8Array | undefined>
  /** Writes a block (already checked) unless it is here. */
  keep(cid: CID, bytes: Uint8Array): Promise<void>
  /** Writes a file (already checked) as one block of any size, as it is read, unless it is here. */
  keepFile(cid: CID, content: AsyncIterable<Uint8Array>): Promise<void>
  /**
   * Runs `gather`, which keeps all blocks of a DAG and lists them in the draft, always in the same order, and pins what it lists.
   * What it lists for a `root` that is known beforehand is remembered when it fails, so that {@link unpin} finds those blocks.
   */
  pin(gather: (draft: PinDraft) => Promise<CID>, root?: CID): Promise<CID>
  /**
   * Removes the pin, or what a failed gathering left, and every block that no other list has; unless `stillWanted`, which is
   * asked while nothing can be pinned. A root that is not known is left alone.
   */
  unpin(root: CID, stillWanted?: () => Promise<boolean>): Promise<void>
}

/** Blocks and pins in a directory of this machine. One process at a time. */
export async function openStore(dataDir: string): Promise<Store> {
  const scratchDir = join(dataDir, 'scratch')
  await rm(scratchDir, { recursive: true, force: true })
  await mkdir(scratchDir, { recursive: true })
  const blocks = new FsBlockstore(join(dataDir, 'blocks'))
  await blocks.open()
  const pins = await openPins({ pins: join(dataDir, 'pins'), drafts: join(dataDir, 'drafts'), scratch: scratchDir })
  return new DirectoryStore(scratchDir, blocks, pins)
}

class DirectoryStore implements Store {
  readonly scratchDir: string
  readonly blocks: FsBlockstore
  readonly #pins: Pins
  readonly #changes = new Mutex()
  #removals = 0

  constructor(scratchDir: string, blocks: FsBlockstore, pins: Pins) {
    this.scratchDir = scratchDir
    this.blocks = blocks
    this.#pins = pins
  }

  async read(cid: CID): Promise<Uint8Array | undefined> {
    if (!(await this.blocks.has(cid))) return undefined

    const bytes = await collectAtMost(MAX_BLOCK_BYTES, this.blocks.get(cid))
    if (bytes === undefined) return undefined
    if (blockMatches(cid, bytes)) return bytes
    await this.#changes.run(() => this.blocks.delete(cid))
    return undefined
  }

  async keep(cid: CID, bytes: Uint8Array): Promise<void> {
    await this.#changes.run(async () => {
      if (!(await this.blocks.has(cid))) await this.blocks.put(cid, bytes)
    })
  }

  async keepFile(cid: CID, content: AsyncIterable<Uint8Array>): Promise<void> {
    await this.#changes.run(async () => {
      if (!(await this.blocks.has(cid))) await this.blocks.put(cid, content)
    })
  }

  async pin(gather: (draft: PinDraft) => Promise<CID>, known?: CID): Promise<CID> {
    for (;;) {
      const removals = this.#removals
      await using draft = await this.#pins.draft(known)
      const root = await gather(draft)
      // What was removed meanwhile may be a block that the gathering found here: it gathers again.
      const pinned = await this.#changes.run(async () => {
        if (this.#removals !== removals) return false
        await draft.commit(root)
        return true
      })
      if (pinned) return root
    }
  }

  async unpin(root: CID, stillWanted: () => Promise<boolean> = () => Promise.resolve(false)): Promise<void> {
    await this.#changes.run(async () => {
      if (await stillWanted()) return
      for await (const cid of this.#pins.exclusiveTo(root)) {
        this.#removals++
        await this.blocks.delete(cid)
      }
      await this.#pins.remove(root)
    })
  }
}
