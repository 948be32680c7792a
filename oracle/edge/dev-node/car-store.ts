import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CID } from 'multiformats/cid'
import { readCar } from '../../proofs/car.ts'
import type { DevNodeStore } from './store.ts'

/** Places of blocks are written to the database in batches of this size. */
const BLOCK_BATCH = 4096

export interface ReceivedCar {
  id: string
  root: string
  bytes: number
}

export interface CarStore {
  path: (carId: string) => string
  /** Writes a CAR to disk as it streams by, checking every block and noting its place. @throws {CarInvalid} Nothing is kept then. */
  receive(source: AsyncIterable<Uint8Array>): Promise<ReceivedCar>
  /** Forgets a CAR that no content names. */
  drop(carId: string): Promise<void>
  /** A block's bytes, from whichever CAR has it. */
  block(cid: CID): Promise<Uint8Array | undefined>
  /** A file to work with; the caller removes it, or the next start does. */
  temporaryPath(): string
}

/** CARs under `dataDir`/cars, one file each. What an earlier process left unfinished is removed. */
export async function openCarStore(dataDir: string, store: DevNodeStore): Promise<CarStore> {
  const dir = join(dataDir, 'cars')
  mkdirSync(dir, { recursive: true })
  const path = (carId: string) => join(dir, `${carId}.car`)
  const kept = new Set(store.cars().map(({ id }) => path(id)))
  for (const name of readdirSync(dir)) {
    if (!kept.has(join(dir, name))) await rm(join(dir, name), { recursive: true })
  }

  async function receive(source: AsyncIterable<Uint8Array>): Promise<ReceivedCar> {
    const id = randomUUID()
    const part = `${path(id)}.part`
    const file = await open(part, 'wx')
    let bytes = 0
    async function* recorded(): AsyncGenerator<Uint8Array> {
      for await (const chunk of source) {
        await file.writeFile(chunk)
        bytes += chunk.length
        yield chunk
      }
    }

    try {
      const { roots, blocks } = await readCar(recorded())
      const batch: { multihash: Uint8Array; offset: number; length: number }[] = []
      for await (const { cid, bytes: block, offset } of blocks) {
        batch.push({ multihash: cid.multihash.bytes.slice(), offset, length: block.length })
        if (batch.length >= BLOCK_BATCH) store.addBlocks(id, batch.splice(0))
      }
      store.addBlocks(id, batch)
      await file.sync()
      await file.close()
      await rename(part, path(id))
      return { id, root: roots[0]!.toString(), bytes }
    } catch (error) {
      await file.close()
      await rm(part, { force: true })
      store.dropBlocks(id)
      throw error
    }
  }

  async function block(cid: CID): Promise<Uint8Array | undefined> {
    const place = store.findBlock(cid.multihash.bytes)
    if (!place) return undefined
    const file = await open(path(place.car_id))
    try {
      const bytes = new Uint8Array(place.length)
      await file.read(bytes, 0, place.length, place.offset)
      return bytes
    } finally {
      await file.close()
    }
  }

  return {
    path,
    receive,
    block,
    async drop(carId) {
      store.dropBlocks(carId)
      await rm(path(carId), { force: true })
    },
    temporaryPath: () => join(dir, `${randomUUID()}.tmp`),
  }
}
