import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toUtf8Bytes } from 'ethers'
import { parseFetchLink } from '../../../oracle/ipfs/fetch-link.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import { parseCid } from '../../lib/cid.ts'
import { readProposal } from '../../lib/dao/proposal.ts'
import { findProposal } from '../../lib/dao/proposals.ts'
import type { Matter } from '../../lib/dao/subject.ts'
import { oneLine } from '../../lib/dao/text.ts'
import { packCid, type Packed } from '../../lib/perpetual/pack.ts'
import type { ReadContext } from '../context.ts'
import { clockOf, describeRows } from '../perpetual.ts'
import { progressOf } from '../progress.ts'
import { daoOf, named, type DaoOption } from './dao.ts'

type Kept = Extract<Matter, { what: 'keep' }>

/**
 * `dao check ID`: fetches the CID, block by block, packs it and compares size and piece with what is voted on. No contract can: an order's
 * piece is whatever its proposer wrote.
 *
 * @throws Error that says what differs
 */
export async function check(
  context: ReadContext,
  idText: string,
  options: DaoOption & { link?: string },
): Promise<void> {
  const dao = await daoOf(context, options)
  const proposal = await readProposal(dao, await findProposal(dao, idText), await clockOf(context))
  const { matter } = proposal
  if (matter.what !== 'keep') throw new Error(`proposal ${named(proposal)} asks to keep no CID: there is none to check`)

  const { bytes, piece } = await fetchAndPack(context, matter, options.link ?? matter.terms.seed)
  const { pieceCid, pieceSize } = matter.terms
  const packedCid = pieceToCid(piece.digest)
  if (pieceCid !== null && (pieceCid !== packedCid || pieceSize !== piece.size)) {
    throw Object.assign(
      new Error(
        `proposal ${named(proposal)} names piece ${pieceCid} of ${pieceSize} B, but ${matter.cid} is ${packedCid} of ${piece.size} B`,
      ),
      {
        hint: 'The piece may hold the CID packed in another way, or something else: ask who proposed it, or vote against.',
      },
    )
  }
  context.say(
    describeRows(`proposal ${named(proposal)} is what it says`, [
      ['cid', `${matter.cid}, every block fetched`],
      ['size', `a CAR of ${bytes} B; proposed were at most ${matter.size} B`],
      ['piece', `${packedCid}, ${piece.size} B padded; ${pieceCid === null ? 'none was named' : 'as named'}`],
    ]),
    { dao: dao.address, proposalId: proposal.id, cid: matter.cid, bytes, pieceCid: packedCid, pieceSize: piece.size },
  )
}

async function fetchAndPack(context: ReadContext, { cid, size }: Kept, from: string): Promise<Packed> {
  const folder = mkdtempSync(join(tmpdir(), 'mooring-check-'))
  context.note(`fetching ${cid} from ${oneLine(from) || 'IPFS'}: ${size} B at most (Ctrl-C ends that)`)
  try {
    return await packCid(parseCid(cid), parseFetchLink(toUtf8Bytes(from)), {
      ...{ folder, maxBytes: size, allowPrivate: context.network === 'local' },
      onProgress: progressOf(context, 'fetched'),
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
