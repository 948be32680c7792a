import { expect } from 'chai'
import type { CID } from 'multiformats/cid'
import { describe, it } from 'mocha'
import { BlockMissing } from '../../../oracle/ipfs/errors.ts'
import { sampleBlock } from '../../../oracle/ipfs/sample-block.ts'
import { cborNode, inlineCid, leaf, pbNode, type TestBlock } from './fixtures.ts'

describe('sampleBlock', () => {
  const storeOf = (...blocks: TestBlock[]) => {
    const here = new Map(blocks.map(({ cid, bytes }) => [cid.toString(), bytes]))
    return { read: (cid: CID) => Promise.resolve(here.get(cid.toString())) }
  }
  /** Random numbers in this order. */
  const given =
    (...numbers: number[]) =>
    () =>
      numbers.shift()!

  it('follows the links that chance names, down to a leaf', async () => {
    const leaves = await Promise.all(['a', 'b', 'c'].map(leaf))
    const [left, right] = [await pbNode([leaves[0].cid, leaves[1].cid]), await pbNode([leaves[2].cid])]
    const root = await pbNode([left.cid, right.cid])
    const store = storeOf(...leaves, left, right, root)

    expect(await sampleBlock(store, root.cid, given(0, 0.99))).to.deep.equal(leaves[1])
    expect(await sampleBlock(store, root.cid, given(0.5, 0))).to.deep.equal(leaves[2])
  })

  it('is the root itself where that is a leaf, or links to inlined blocks alone', async () => {
    const single = await leaf('single')
    expect(await sampleBlock(storeOf(single), single.cid, given())).to.deep.equal(single)
    const node = await cborNode({ inline: inlineCid('tiny') })
    expect(await sampleBlock(storeOf(node), node.cid, given())).to.deep.equal(node)
  })

  it('throws BlockMissing where the way leads to a block that is not here', async () => {
    const [gone, root] = [await leaf('gone'), await pbNode([(await leaf('gone')).cid])]
    const error = await sampleBlock(storeOf(root), root.cid, given(0)).catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(BlockMissing)
    expect((error as Error).message).to.contain(gone.cid.toString())
  })
})
