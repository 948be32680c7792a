import { randomBytes } from 'node:crypto'
import { Piece } from '@web3-storage/data-segment'
import { buildAggregate } from '../../oracle/proofs/aggregate.ts'
import { computePiece } from '../../oracle/proofs/commP.ts'
import { verifyInclusion } from '../../oracle/proofs/inclusion.ts'

const MIB = 2 ** 20
const SIZE = 32 * MIB
const RUNS = 3

/** CommP beside the peer that everybody uses in JavaScript, and what an aggregate's proofs cost. */
export async function pieces(): Promise<void> {
  const bytes = randomBytes(SIZE)
  const ours = await median(async () => void (await computePiece(chunks(bytes))))
  const peer = await median(() => void Piece.fromPayload(bytes))
  console.log(`  CommP of ${SIZE / MIB} MiB, streaming wasm   ${rate(ours)}`)
  console.log(
    `  CommP of ${SIZE / MIB} MiB, data-segment js  ${rate(peer)}  (${(peer / ours).toFixed(1)} times as long)`,
  )

  const many = await Promise.all(Array.from({ length: 64 }, () => computePiece(chunks(randomBytes(1_000)))))
  const build = await median(() => void buildAggregate(many))
  const { inclusions } = buildAggregate(many)
  const verify = await median(() => many.forEach((piece, index) => verifyInclusion(piece, inclusions[index]!)))
  console.log(`  aggregate of ${many.length} pieces with proofs    ${(build * 1000).toFixed(1)} ms`)
  console.log(`  verifying its ${many.length} proofs               ${(verify * 1000).toFixed(1)} ms`)
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += MIB) yield bytes.subarray(at, at + MIB)
}

const rate = (seconds: number) => `${(SIZE / MIB / seconds).toFixed(1).padStart(6)} MiB/s`

/** Seconds, the median of a few runs. */
async function median(run: () => void | Promise<void>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < RUNS; i++) {
    const started = performance.now()
    await run()
    times.push((performance.now() - started) / 1000)
  }
  return times.sort((a, b) => a - b)[RUNS >> 1]!
}
