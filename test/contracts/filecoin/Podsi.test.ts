import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { hexlify } from 'ethers'
import { CID } from 'multiformats/cid'
import { connect } from '../../helpers/network.ts'

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

interface Path {
  index: bigint
  path: string[]
}

interface Vector {
  file: string
  digest: string
  size: bigint
  proof: { proofSubtree: Path; proofIndex: Path }
  aggregateDigest: string
  aggregateSize: bigint
}

interface Json {
  data: {
    sub_piece_info: {
      comm_pa: string
      size_pa: number
      inclusion_proof: Record<'proofSubtree' | 'proofIndex', { index: string; path: string[] }>
      verifier_data: { commPc: string; sizePc: number } | { CommPc: { '/': string }; SizePc: number }
    }
  }
}

const FOLDER = new URL('../../vectors/podsi/', import.meta.url)

const digestOf = (text: string) => hexlify(CID.parse(text).multihash.digest)

function read(file: string): Vector {
  const { sub_piece_info: info } = (JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Json).data
  const { verifier_data: data, inclusion_proof: proof } = info
  const path = ({ index, path }: { index: string; path: string[] }): Path => ({ index: BigInt(index), path })
  return {
    file,
    digest: 'commPc' in data ? `0x${data.commPc.slice(-64)}` : digestOf(data.CommPc['/']),
    size: BigInt('sizePc' in data ? data.sizePc : data.SizePc),
    proof: { proofSubtree: path(proof.proofSubtree), proofIndex: path(proof.proofIndex) },
    aggregateDigest: digestOf(info.comm_pa),
    aggregateSize: BigInt(info.size_pa),
  }
}

const vectors = readdirSync(FOLDER).sort().map(read)

/** The vector with one thing changed. */
function mutate(vector: Vector, change: (copy: Vector) => void): Vector {
  const copy = structuredClone(vector)
  change(copy)
  return copy
}

/** The same 32 bytes with bit `bit` flipped; bit 0 is the lowest of the last byte. */
const flip = (value: string, bit: bigint) => ethers.toBeHex(BigInt(value) ^ (1n << bit), 32)

describe('Podsi', () => {
  async function deployed() {
    return ethers.deployContract('PodsiHarness')
  }

  async function refuses(vector: Vector, error: string, args?: unknown[]) {
    const podsi = await loadFixture(deployed)
    const call = podsi.verify(vector.digest, vector.size, vector.proof)
    if (args)
      await expect(call)
        .to.be.revertedWithCustomError(podsi, error)
        .withArgs(...args)
    else await expect(call).to.be.revertedWithCustomError(podsi, error)
  }

  it('has vectors of both shapes to be tried on', () => {
    const shapes = vectors.map(({ file }) => /"commPc"/.test(readFileSync(new URL(file, FOLDER), 'utf8')))
    expect(vectors).to.have.length(4)
    expect(new Set(shapes)).to.deep.equal(new Set([true, false]))
  })

  for (const vector of vectors) {
    const { digest, size, proof, aggregateDigest, aggregateSize } = vector
    const { proofSubtree: subtree, proofIndex: index } = proof
    const entries = aggregateSize / 64n
    const area = aggregateSize / 2048n / 64n
    const firstEntry = entries - (area > 4n ? area : 4n)

    describe(`the proof of a real deal (${vector.file})`, () => {
      it('leads to the aggregate of the deal', async () => {
        const podsi = await loadFixture(deployed)
        expect(await podsi.verify(digest, size, proof)).to.deep.equal([aggregateDigest, aggregateSize])
      })

      it('fails when the two proofs are swapped', () =>
        refuses(
          mutate(vector, (copy) => {
            copy.proof = { proofSubtree: index, proofIndex: subtree }
          }),
          'AggregateSizeMismatch',
          [size << BigInt(index.path.length), 64n << BigInt(subtree.path.length)],
        ))

      for (const name of ['proofSubtree', 'proofIndex'] as const) {
        it(`fails when any one element of ${name}'s path is flipped`, async () => {
          for (const i of proof[name].path.keys()) {
            const bit = BigInt((i * 37) % 256)
            await refuses(
              mutate(vector, (copy) => {
                copy.proof[name].path[i] = flip(copy.proof[name].path[i], bit)
              }),
              'RootMismatch',
            )
          }
        })

        it(`fails when two elements of ${name}'s path change places`, () =>
          refuses(
            mutate(vector, (copy) => {
              copy.proof[name].path.splice(0, 2, ...copy.proof[name].path.slice(0, 2).reverse())
            }),
            'RootMismatch',
          ))

        it(`fails when ${name}'s path is an element shorter or longer`, async () => {
          const shorter = mutate(vector, (copy) => {
            copy.proof[name].path.pop()
            copy.proof[name].index = 0n
          })
          await refuses(shorter, 'AggregateSizeMismatch')
          const longer = mutate(vector, (copy) => copy.proof[name].path.push(ethers.ZeroHash))
          await refuses(longer, 'AggregateSizeMismatch')
        })

        it(`fails when ${name}'s index has a bit beyond its path`, () => {
          const length = BigInt(proof[name].path.length)
          const beyond = proof[name].index + (1n << length)
          return refuses(
            mutate(vector, (copy) => {
              copy.proof[name].index = beyond
            }),
            'IndexOutOfRange',
            [length, beyond],
          )
        })
      }

      it('fails when the subtree’s index is off by one', async () => {
        const last = (1n << BigInt(subtree.path.length)) - 1n
        for (const off of [subtree.index - 1n, subtree.index + 1n].filter((i) => i >= 0n && i <= last)) {
          await refuses(
            mutate(vector, (copy) => {
              copy.proof.proofSubtree.index = off
            }),
            'RootMismatch',
          )
        }
      })

      it('fails when the entry’s index is off by one', async () => {
        for (const off of [index.index - 1n, index.index + 1n]) {
          const outside = off < firstEntry
          await refuses(
            mutate(vector, (copy) => {
              copy.proof.proofIndex.index = off
            }),
            outside ? 'OutsideIndexArea' : 'RootMismatch',
            outside ? [firstEntry, off] : undefined,
          )
        }
      })

      it('fails when the entry is said to lie before the index area', () =>
        refuses(
          mutate(vector, (copy) => {
            copy.proof.proofIndex.index = firstEntry - 1n
          }),
          'OutsideIndexArea',
          [firstEntry, firstEntry - 1n],
        ))

      it('fails when the size is doubled or halved', async () => {
        for (const other of [size * 2n, size / 2n]) {
          await refuses(
            mutate(vector, (copy) => {
              copy.size = other
            }),
            'AggregateSizeMismatch',
            [other << BigInt(subtree.path.length), aggregateSize],
          )
        }
      })

      it('fails when the size is doubled and both paths are fitted to it', () =>
        refuses(
          mutate(vector, (copy) => {
            copy.size *= 2n
            copy.proof.proofSubtree.path.pop()
            copy.proof.proofSubtree.index &= (1n << BigInt(subtree.path.length - 1)) - 1n
          }),
          'RootMismatch',
        ))

      it('fails when the size is no piece’s', async () => {
        for (const other of [0n, 64n, size - 1n, size + 128n]) {
          await refuses(
            mutate(vector, (copy) => {
              copy.size = other
            }),
            'InvalidPieceSize',
            [other],
          )
        }
      })

      it('fails for another piece', async () => {
        for (const other of vectors.filter((each) => each !== vector)) {
          await refuses(
            mutate(vector, (copy) => {
              copy.digest = other.digest
            }),
            'RootMismatch',
          )
        }
      })

      it('fails for a piece that differs in any one bit', async () => {
        for (let bit = 0n; bit < 256n; bit += 17n) {
          await refuses(
            mutate(vector, (copy) => {
              copy.digest = flip(digest, bit)
            }),
            'RootMismatch',
          )
        }
      })

      it('fails with the other proof of another piece', async () => {
        for (const other of vectors.filter((each) => each !== vector && each.aggregateSize === aggregateSize)) {
          await refuses(
            mutate(vector, (copy) => {
              copy.proof.proofIndex = other.proof.proofIndex
            }),
            'RootMismatch',
          )
        }
      })
    })
  }

  describe('the bounds', () => {
    const empty = { index: 0n, path: [] as string[] }
    const zeros = (length: number): Path => ({ index: 0n, path: new Array<string>(length).fill(ethers.ZeroHash) })
    const vector = (size: bigint, proofSubtree: Path, proofIndex: Path): Vector => ({
      ...vectors[0],
      size,
      proof: { proofSubtree, proofIndex },
    })

    it('takes no path of more than 30 levels', async () => {
      await refuses(vector(128n, zeros(31), zeros(30)), 'PathTooLong', [30n, 31n])
      await refuses(vector(128n, zeros(29), zeros(31)), 'PathTooLong', [30n, 31n])
      await refuses(vector(128n, empty, zeros(300)), 'PathTooLong', [30n, 300n])
    })

    it('counts with aggregates up to 64 GiB', async () => {
      const last = { ...zeros(30), index: (1n << 30n) - 1n }
      await refuses(vector(128n, zeros(29), last), 'RootMismatch')
    })

    it('does not overflow with the largest piece and path', () =>
      refuses(vector(1n << 63n, zeros(30), zeros(30)), 'AggregateSizeMismatch', [1n << 93n, 1n << 36n]))

    it('has an index area of four entries at least, which fill the smallest aggregates', async () => {
      await refuses(vector(128n, empty, zeros(1)), 'RootMismatch')
      await refuses(vector(256n, empty, zeros(2)), 'RootMismatch')
      await refuses(vector(512n, empty, { ...zeros(3), index: 3n }), 'OutsideIndexArea', [4n, 3n])
      await refuses(vector(512n, empty, { ...zeros(3), index: 4n }), 'RootMismatch')
    })

    it('has an index area of eight entries in an aggregate of 1 MiB', async () => {
      const entries = 1n << 14n
      const at = (index: bigint): Path => ({ ...zeros(14), index })
      await refuses(vector(1n << 20n, empty, at(entries - 9n)), 'OutsideIndexArea', [entries - 8n, entries - 9n])
      await refuses(vector(1n << 20n, empty, at(entries - 8n)), 'RootMismatch')
    })
  })
})
