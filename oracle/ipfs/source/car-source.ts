import { randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { CidUnreachable } from '../errors.ts'
import type { DagLimits } from '../limits.ts'
import { indexCar } from './car-index.ts'
import type { CarIndex } from './car-index.ts'
import { download } from './download.ts'
import type { HttpClient } from './http-get.ts'
import type { Source } from './source.ts'

const ACCEPT = 'application/vnd.ipld.car; version=1; order=dfs; dups=n'

/** Blocks out of one CAR behind a URL, downloaded to a file when the first of them is asked for. */
export function createCarSource(options: {
  http: HttpClient
  url: URL
  scratchDir: string
  limits: DagLimits
}): Source {
  const { http, url, scratchDir, limits } = options
  const file = join(scratchDir, `${randomUUID()}.car`)
  let opened: Promise<OpenCar> | undefined

  const openCar = async (signal: AbortSignal): Promise<OpenCar> => {
    const answer = await http.get(url, ACCEPT, signal)
    const cutOff = await download(answer, file, limits.maxBytes, signal)
    const handle = await open(file)
    try {
      return { handle, cutOff, index: await indexCar(handle, limits.maxBlocks, signal) }
    } catch (error) {
      await handle.close()
      signal.throwIfAborted()
      throw cutOff === undefined ? error : unreachable(url, cutOff)
    }
  }

  return {
    async fetch(cid, signal) {
      opened ??= openCar(signal)
      const { index, cutOff } = await opened
      const bytes = await index.read(cid)
      if (bytes !== undefined) return bytes
      if (cutOff !== undefined) throw unreachable(url, cutOff)
      throw new CidUnreachable(`${cid}: not in the CAR at ${url}, which has ${index.size} blocks`)
    },
    async [Symbol.asyncDispose]() {
      const car = await opened?.catch(() => undefined) // its failure was told to who asked for a block
      await car?.handle.close()
      await rm(file, { force: true })
    },
  }
}

interface OpenCar {
  handle: FileHandle
  index: CarIndex
  /** Why the download ended early. */
  cutOff: Error | undefined
}

function unreachable(url: URL, cause: Error): CidUnreachable {
  return new CidUnreachable(`${url}: the download broke off (${cause.message})`, { cause })
}
