import type { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { isInline, linksOf } from './block.ts'
import { BlockMissing } from './errors.ts'
import type { Store } from './store.ts'

export interface SampledBlock {
  cid: CID
  bytes: Uint8Array
}

/** More links than any way down a DAG that is kept here has. */
const MAX_STEPS = 100_000

/**
 * A block of a DAG that is here, found by following links at random from the root; a raw leaf where the way ends in one, which
 * every gateway serves as its bytes.
 * @param random A number in [0, 1).
 * @throws {BlockMissing} the way leads to a block that is not on this disk
 */
export async function sampleBlock(store: Pick<Store, 'read'>, root: CID, random: () => number): Promise<SampledBlock> {
  let cid = root
  for (let step = 0; step < MAX_STEPS; step++) {
    const bytes = await store.read(cid)
    if (bytes === undefined) throw new BlockMissing(`${cid}: not on this disk, sampled under ${root}`)
    const links = cid.code === raw.code ? [] : linksOf(cid, bytes).filter((link) => !isInline(link))
    if (links.length === 0) return { cid, bytes }
    cid = links[Math.floor(random() * links.length)]!
  }
  throw new BlockMissing(`${root}: a way of more than ${MAX_STEPS} links`)
}
