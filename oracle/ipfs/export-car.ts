import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CID } from 'multiformats/cid'
import { writeCar } from '../proofs/car.ts'
import { BlockMissing } from './errors.ts'
import { UNLIMITED } from './limits.ts'
import type { Store } from './store.ts'
import { walkDag } from './walk.ts'

const LOOKAHEAD = 4

/**
 * Writes a DAG's canonical CAR (CARv1, one root, depth-first in link order, each block once; inlined blocks are in the
 * CIDs already and are not written). The file appears under its name when it is whole and on the disk.
 * @returns the file's size, bytes
 * @throws {BlockMissing} the DAG is not all here
 */
export async function exportCar(store: Store, root: CID, file: string, signal: AbortSignal): Promise<bigint> {
  const read = async (cid: CID) => {
    const bytes = await store.read(cid)
    if (bytes === undefined) throw new BlockMissing(`${cid}: not on this disk, needed for the CAR of ${root}`)
    return bytes
  }
  const blocks = walkDag(root, read, { limits: UNLIMITED, lookahead: LOOKAHEAD, signal })
  const carBytes = await writeCar(root, blocks, file, signal)
  await using dir = await open(dirname(file))
  await dir.sync()
  return carBytes
}
