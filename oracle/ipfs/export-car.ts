import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CID } from 'multiformats/cid'
import { headerBytes, sectionPrefix } from './car-format.ts'
import { BlockMissing } from './errors.ts'
import { UNLIMITED } from './limits.ts'
import type { Store } from './store.ts'
import { walkDag } from './walk.ts'

const LOOKAHEAD = 4

/**
 * Writes a DAG's canonical CAR (CARv1, one root, depth-first in link order, each block once; inlined blocks are in the
 * CIDs already and are not written) under a temporary name, and renames it when it is whole and on the disk.
 * @returns the file's size, bytes
 * @throws {BlockMissing} the DAG is not all here
 */
export async function exportCar(store: Store, root: CID, file: string, signal: AbortSignal): Promise<bigint> {
  const part = `${file}.part`
  const read = async (cid: CID) => {
    const bytes = await store.read(cid)
    if (bytes === undefined) throw new BlockMissing(`${cid}: not on this disk, needed for the CAR of ${root}`)
    return bytes
  }
  try {
    await using handle = await open(part, 'w')
    let carBytes = BigInt(headerBytes(root).byteLength)
    await handle.writev([headerBytes(root)])
    for await (const step of walkDag(root, read, { limits: UNLIMITED, lookahead: LOOKAHEAD, signal })) {
      await handle.writev([sectionPrefix(step.cid, step.bytes.byteLength), step.bytes])
      carBytes = step.carBytes
    }
    await handle.sync()
    await rename(part, file)
    await syncDirectory(dirname(file))
    return carBytes
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

async function syncDirectory(dir: string): Promise<void> {
  await using handle = await open(dir)
  await handle.sync()
}
