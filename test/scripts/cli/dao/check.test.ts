import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { after, afterEach, before, describe, it } from 'mocha'
import { cancel } from '../../../../scripts/cli/dao/cancel.ts'
import { check } from '../../../../scripts/cli/dao/check.ts'
import { pay } from '../../../../scripts/cli/dao/pay.ts'
import { propose } from '../../../../scripts/cli/dao/propose.ts'
import type { ProposeOptions } from '../../../../scripts/cli/dao/terms.ts'
import { pieceToCid } from '../../../../oracle/proofs/piece-cid.ts'
import { packPath, type Packed } from '../../../../scripts/lib/perpetual/pack.ts'
import { servePiece, type ServedPiece } from '../../../../scripts/lib/perpetual/serve-piece.ts'
import { createVotingWorld, refusal, type VotingWorld } from './voting-world.ts'

const NOBODY = '0x00000000000000000000000000000000000000A1'

describe('dao check', function () {
  this.timeout(300_000)
  let voting: VotingWorld
  let dir: string
  let kept: Packed
  let other: Packed
  let served: ServedPiece
  let open: string | undefined

  const pack = async (name: string, text: string) => {
    writeFileSync(join(dir, name), text)
    return packPath(join(dir, name), { folder: dir, onProgress: () => undefined })
  }

  before(async () => {
    voting = await createVotingWorld()
    dir = mkdtempSync(join(tmpdir(), 'mooring-check-test-'))
    kept = await pack('kept.txt', 'kept '.repeat(200))
    other = await pack('other.txt', 'other '.repeat(400))
    served = await servePiece(kept, { host: '127.0.0.1', port: 0 })
  })
  after(async () => {
    await served?.stop()
    rmSync(dir, { recursive: true, force: true })
    await voting?.close()
  })

  afterEach('the same content may be proposed again', async () => {
    if (open !== undefined) await voting.propose((context) => cancel(context, open!, voting.about()))
    open = undefined
  })

  /** Puts the CID to the vote, in this piece. */
  const proposed = async (piece: Packed | undefined, change: Partial<ProposeOptions> = {}): Promise<string> => {
    const order = piece && {
      kind: 'order',
      price: '0.02',
      piece: pieceToCid(piece.piece.digest),
      pieceSize: `${piece.piece.size}`,
    }
    const { facts } = await voting.propose((context) =>
      propose(context, kept.root.toString(), {
        ...voting.about({ kind: 'request', replicas: '1', deadline: '20160', wait: false, seed: served.url }),
        ...order,
        ...change,
      }),
    )
    open = String(facts.number)
    return open
  }
  const checking = (proposal: string, link?: string) =>
    voting.propose((context) => check(context, proposal, voting.about(link === undefined ? {} : { link })))

  it('fetches what an order is for, packs it, and finds the piece that is named', async () => {
    const number = await proposed(kept)
    const { words, facts } = await checking(number)
    const pieceCid = pieceToCid(kept.piece.digest)
    expect(facts).to.include({ cid: kept.root.toString(), bytes: kept.bytes, pieceCid, pieceSize: kept.piece.size })
    expect(words)
      .to.include(`proposal ${number} is what it says`)
      .and.include(`a CAR of ${kept.bytes} B; proposed were at most ${(kept.piece.size / 128n) * 127n} B`)
      .and.include(`${pieceCid}, ${kept.piece.size} B padded; as named`)
  })

  it('refuses an order whose piece is another’s, which the contract cannot see', async () => {
    const number = await proposed(other)
    const error = await refusal(checking(number))
    expect(error.message).to.equal(
      `proposal ${number} names piece ${pieceToCid(other.piece.digest)} of ${other.piece.size} B, but ${kept.root.toString()} is ${pieceToCid(kept.piece.digest)} of ${kept.piece.size} B`,
    )
    expect(error.hint).to.include('vote against')
  })

  it('refuses what is larger than was proposed', async () => {
    const number = await proposed(undefined, { maxBytes: String(kept.bytes - 1n), description: 'Too small' })
    expect((await refusal(checking(number))).message).to.include(`${kept.bytes - 1n}`)
  })

  it('tells the size and the piece of what a request asks for, fetched from where it is told', async () => {
    const number = await proposed(undefined, { seed: 'https://seed.example/gone.car' })
    const { words } = await checking(number, served.url)
    expect(words).to.include(`${kept.piece.size} B padded; none was named`)
  })

  it('has nothing to fetch for other proposals', async () => {
    const { facts } = await voting.propose((context) => pay(context, NOBODY, voting.about({ amount: '1' })))
    const number = String(facts.number)
    expect((await refusal(checking(number))).message).to.equal(
      `proposal ${number} asks to keep no CID: there is none to check`,
    )
  })

  it('is named by dao show while there is a vote', async () => {
    const number = await proposed(kept)
    expect((await voting.shown(number)).words).to.include(`npm run mooring -- dao check ${number} --dao `)
    await voting.propose((context) => cancel(context, number, voting.about()))
    open = undefined
    expect((await voting.shown(number)).words).not.to.include('dao check')
  })
})
