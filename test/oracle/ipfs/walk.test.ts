import * as dagCbor from '@ipld/dag-cbor'
import { expect } from 'chai'
import type { CID } from 'multiformats/cid'
import { describe, it } from 'mocha'
import { BadBlock, DagTooLarge } from '../../../oracle/ipfs/errors.ts'
import { UNLIMITED } from '../../../oracle/ipfs/limits.ts'
import type { DagLimits } from '../../../oracle/ipfs/limits.ts'
import { walkDag } from '../../../oracle/ipfs/walk.ts'
import { blockOf, carOf, cborNode, collectAll, failureOf, inlineCid, leaf, pbNode } from './fixtures.ts'
import type { TestBlock } from './fixtures.ts'

/** root → (left → (a, shared), shared, right → (shared, b)) */
async function diamond() {
  const [a, b, shared] = [await leaf('a'), await leaf('b'), await leaf('shared')]
  const left = await pbNode([a.cid, shared.cid])
  const right = await cborNode([shared.cid, { b: b.cid }])
  const root = await pbNode([left.cid, shared.cid, right.cid])
  return { root, left, right, a, b, shared, all: [root, left, a, shared, right, b] }
}

function walk(root: CID, blocks: TestBlock[], limits: Partial<DagLimits> = {}, lookahead = 3) {
  const reads: string[] = []
  const read = async (cid: CID) => {
    reads.push(String(cid))
    const block = blocks.find((block) => block.cid.equals(cid))
    if (block === undefined) throw new Error(`${cid} was not to be read`)
    return block.bytes
  }
  const options = { limits: { ...UNLIMITED, ...limits }, lookahead, signal: new AbortController().signal }
  return { reads, steps: walkDag(root, read, options) }
}

describe('walkDag', () => {
  it('goes depth-first in link order and meets each block once', async () => {
    const { root, all } = await diamond()

    for (const lookahead of [1, 2, 8]) {
      const { steps, reads } = walk(root.cid, all, {}, lookahead)
      const order = (await collectAll(steps)).map(({ cid }) => String(cid))

      expect(order, `lookahead ${lookahead}`).to.deep.equal(all.map(({ cid }) => String(cid)))
      expect(reads).to.have.lengthOf(all.length)
    }
  })

  it('tells blocks, known blocks and the size of the CAR so far', async () => {
    const { root, all } = await diamond()

    const steps = await collectAll(walk(root.cid, all).steps)

    expect(steps.map(({ blocks, known }) => [blocks, known])).to.deep.equal([
      [1, 4], [2, 5], [3, 5], [4, 5], [5, 6], [6, 6],
    ]) // prettier-ignore
    for (const [i, { carBytes }] of steps.entries()) {
      expect(carBytes).to.equal(BigInt(carOf([root.cid], all.slice(0, i + 1)).byteLength))
    }
  })

  it('reads no further ahead than it was told', async () => {
    const leaves = await Promise.all(Array.from({ length: 50 }, (_, i) => leaf(`leaf ${i}`)))
    const root = await pbNode(leaves.map(({ cid }) => cid))
    const { steps, reads } = walk(root.cid, [root, ...leaves], {}, 4)

    await steps.next()
    await steps.next()

    expect(reads.length).to.be.within(3, 6)
    await steps.return(undefined)
  })

  it('follows the links of an inlined block but neither reads nor gives it out', async () => {
    const below = await leaf('below')
    const inlined = inlineCid(dagCbor.encode([below.cid]), dagCbor.code)
    const nested = await cborNode([inlined, inlineCid('text')])

    const steps = await collectAll(walk(nested.cid, [nested, below]).steps)

    expect(steps.map(({ cid }) => String(cid))).to.deep.equal([String(nested.cid), String(below.cid)])
    expect(steps.at(-1)).to.include({ blocks: 2, known: 2 })
  })

  describe('limits', () => {
    it('lets a DAG through that is exactly at all of them', async () => {
      const { root, all } = await diamond()
      const limits = { maxBytes: BigInt(carOf([root.cid], all).byteLength), maxBlocks: 6, maxDepth: 2 }

      expect(await collectAll(walk(root.cid, all, limits).steps)).to.have.lengthOf(6)
    })

    it('stops before the block that would make the CAR one byte too large', async () => {
      const { root, all } = await diamond()
      const carBytes = BigInt(carOf([root.cid], all).byteLength)
      const { steps } = walk(root.cid, all, { maxBytes: carBytes - 1n })
      for (let i = 0; i < 5; i++) expect((await steps.next()).done).to.equal(false)

      const error = await failureOf(steps.next(), DagTooLarge)

      expect(error.reason).to.equal('TooLarge')
      expect(error.message).to.contain(`at most ${carBytes - 1n} bytes, got ${carBytes}`)
    })

    it('stops at the node whose links make too many blocks, before any of them is asked for', async () => {
      const leaves = await Promise.all(Array.from({ length: 20 }, (_, i) => leaf(`leaf ${i}`)))
      const root = await pbNode(leaves.map(({ cid }) => cid))
      const { steps, reads } = walk(root.cid, [root, ...leaves], { maxBlocks: 20 })

      expect((await failureOf(steps.next(), DagTooLarge)).message).to.contain('at most 20 blocks, got at least 21')
      expect(reads).to.deep.equal([String(root.cid)])
    })

    it('stops at a block that is too deep', async () => {
      let chain = [await leaf('bottom')]
      for (let depth = 0; depth < 5; depth++) chain = [await cborNode([chain[0].cid]), ...chain]
      const { steps } = walk(chain[0].cid, chain, { maxDepth: 4 })

      const error = await failureOf(collectAll(steps), DagTooLarge)

      expect(error.message).to.contain(`depth of at most 4, ${chain[5].cid} is at 5`)
    })
  })

  it('refuses a block that cannot be decoded', async () => {
    const broken = await blockOf(dagCbor.code, Uint8Array.of(0xff))
    const root = await pbNode([broken.cid])

    expect(await failureOf(collectAll(walk(root.cid, [root, broken]).steps), BadBlock)).to.have.property(
      'reason',
      'BadContent',
    )
  })

  it('ends with its signal', async () => {
    const { root, all } = await diamond()
    const aborted = AbortSignal.abort(new Error('enough'))
    const steps = walkDag(root.cid, async () => all[0].bytes, { limits: UNLIMITED, lookahead: 1, signal: aborted })

    expect((await failureOf(collectAll(steps), Error)).message).to.equal('enough')
  })

  it('ends the reading ahead when nobody wants the rest', async () => {
    const { root, all } = await diamond()
    let signal: AbortSignal | undefined
    const read = async (cid: CID, given: AbortSignal) => {
      signal = given
      return all.find((block) => block.cid.equals(cid))!.bytes
    }
    const steps = walkDag(root.cid, read, { limits: UNLIMITED, lookahead: 4, signal: new AbortController().signal })

    await steps.next()
    await steps.return(undefined)

    expect(signal?.aborted).to.equal(true)
  })
})
