import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { CID } from 'multiformats/cid'
import pino from 'pino'
import { createIpfs } from '../../../oracle/ipfs/node.ts'
import { computePiece } from '../../../oracle/proofs/commP.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'

/** A directory as a piece: its canonical CAR, whose CommP is `digest`. */
export interface PackedPiece extends Piece {
  root: CID
  /** Of the CAR. */
  carFile: string
  carBytes: bigint
}

/** Packs a file or directory; blocks and CAR are kept in `dir`/serve. Nothing is offered to other peers. */
export async function packPath(path: string, dir: string): Promise<PackedPiece> {
  const log = pino({ level: 'silent' })
  const ipfs = await createIpfs({ dataDir: join(dir, 'serve'), listen: [], routing: 'off', allowPrivate: true, log })
  try {
    const { root } = await ipfs.addPath(path)
    const carFile = join(dir, 'serve', `${root.toString()}.car`)
    const carBytes = await ipfs.exportCar(root, carFile)
    const { digest, size } = await computePiece(createReadStream(carFile))
    return { root, digest, size, carFile, carBytes }
  } finally {
    await ipfs.stop()
  }
}

/** The client's own web server, where providers fetch the piece: an order's seed. */
export interface Seed {
  url: string
  stop(): Promise<void>
}

export async function serveSeed({ carFile, carBytes, root }: PackedPiece): Promise<Seed> {
  const name = `/${root.toString()}.car`
  const server = createServer((request, response) => {
    if (request.url !== name) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'application/vnd.ipld.car', 'content-length': String(carBytes) })
    // Whoever fetches may hang up.
    pipeline(createReadStream(carFile), response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${name}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
