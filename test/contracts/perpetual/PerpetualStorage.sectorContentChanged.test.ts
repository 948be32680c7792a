import { expect } from 'chai'
import { maskedIdAddress } from '../../../scripts/local/actors.ts'
import { localMiner, scriptActor } from '../../helpers/actors.ts'
import {
  ask,
  CBOR,
  contentParams,
  encodeProposal,
  MARKET_ADDRESS,
  METHOD,
  notifyParams,
  proposalOf,
  tell,
  type NoticedPiece,
} from './messages.ts'
import { deal, locationOf, LONG, pieceOf, proveDeal, proveSector, sector } from './replicas.ts'
import {
  claim,
  claimed,
  ethers,
  KIND,
  loadFixture,
  MINERS,
  mineUpTo,
  networkHelpers,
  now,
  open,
  OTHER_PIECE,
  PIECE,
  STATE,
  type Claimed,
  type World,
} from './world.ts'

type Setting = World & { claim: Claimed }

const COMMITMENT = 3_000_000n
const MINER = maskedIdAddress(MINERS[0])
const [YES, NO] = ['0x8181f5', '0x8181f4']

const ourPiece = ({ claim: { label } }: Setting, changes: Partial<NoticedPiece> = {}): NoticedPiece => ({
  cid: `0x0181e203922020${Buffer.from(PIECE.digest).toString('hex')}`,
  size: PIECE.size,
  payload: label,
  ...changes,
})

const notice = (w: Setting, changes: Partial<NoticedPiece> = {}, commitment = COMMITMENT) =>
  contentParams([{ number: 7n, commitment, pieces: [ourPiece(w, changes)] }])

/** Expects that the notification is taken without complaint and binds nothing. */
async function expectIgnored(w: Setting, params: string, from = MINER, answer = NO) {
  expect(await ask(w, from, METHOD.contentChanged, params)).to.deep.equal([0n, CBOR, answer])
  await expect(tell(w, from, METHOD.contentChanged, params)).not.to.emit(w.storage, 'SlotBound')
}

describe('PerpetualStorage', () => {
  describe('handle_filecoin_method: SectorContentChanged', () => {
    context('when a miner tells of the piece that it claimed', () => {
      it('binds the sector and its commitment', async () => {
        const w = await loadFixture(claimed)
        const { storage, claim: c } = w
        const miner = await localMiner(MINERS[0])
        await expect(miner.commitPieces(7n, COMMITMENT, [pieceOf(PIECE, c.label)], storage))
          .to.emit(storage, 'SlotBound')
          .withArgs(c.slot, c.sp.miner, c.nonce, KIND.Sector, 0n, 7n, COMMITMENT)
        const slot = await storage.getSlot(c.slot)
        expect([slot.state, slot.kind, slot.dealId, slot.sector, slot.end]).to.deep.equal([
          STATE.Claimed,
          KIND.Sector,
          0n,
          7n,
          COMMITMENT,
        ])
      })

      it('answers true for it, and false for what is not ours, piece by piece', async () => {
        const w = await loadFixture(claimed)
        const miner = await localMiner(MINERS[0])
        const [ours, others] = [pieceOf(PIECE, w.claim.label), pieceOf(OTHER_PIECE, '0x')]
        const contents = [
          { sector: 7n, expirationEpoch: COMMITMENT, pieces: [others, ours] },
          { sector: 8n, expirationEpoch: COMMITMENT, pieces: [] },
          { sector: 9n, expirationEpoch: COMMITMENT, pieces: [others] },
        ]
        expect(await miner.commitContents.staticCall(contents, w.storage)).to.deep.equal([[false, true], [], [false]])
      })

      it('binds what two claims of one provider name, in one message', async () => {
        const w = await loadFixture(claimed)
        const { storage, sps } = w
        const second = await claim(w, await open(w), { sp: sps[0] })
        const contents = [
          { sector: 7n, expirationEpoch: COMMITMENT, pieces: [pieceOf(PIECE, w.claim.label)] },
          { sector: 8n, expirationEpoch: COMMITMENT, pieces: [pieceOf(PIECE, second.label)] },
        ]
        const miner = await localMiner(MINERS[0])
        expect(await miner.commitContents.staticCall(contents, storage)).to.deep.equal([[true], [true]])
        await miner.commitContents(contents, storage)
        await proveSector(w, { location: locationOf(7n) })
        await proveSector({ ...w, claim: second }, { location: locationOf(8n) })
        const slots = [await storage.getSlot(w.claim.slot), await storage.getSlot(second.slot)]
        expect(slots.map(({ state, sector: number }) => [state, number])).to.deep.equal([
          [STATE.Active, 7n],
          [STATE.Active, 8n],
        ])
      })

      it('answers no sectors with none', async () => {
        const w = await loadFixture(claimed)
        expect(await ask(w, MINER, METHOD.contentChanged, '0x80')).to.deep.equal([0n, CBOR, '0x80'])
      })

      it('binds it at the claim’s last epoch', async () => {
        const w = await loadFixture(claimed)
        await mineUpTo(w.claim.claimBy - 1n)
        await expect(tell(w, MINER, METHOD.contentChanged, notice(w))).to.emit(w.storage, 'SlotBound')
      })

      it('replaces a deal that was bound before', async () => {
        const w = await loadFixture(claimed)
        const told = notifyParams(encodeProposal(await proposalOf(w)), 77n)
        await tell(w, MARKET_ADDRESS, METHOD.notify, told)
        await tell(w, MINER, METHOD.contentChanged, notice(w))
        const { kind, dealId, sector: number } = await w.storage.getSlot(w.claim.slot)
        expect([kind, dealId, number]).to.deep.equal([KIND.Sector, 0n, 7n])
      })

      it('replaces the commitment that was bound before', async () => {
        const w = await loadFixture(claimed)
        await tell(w, MINER, METHOD.contentChanged, notice(w))
        await tell(w, MINER, METHOD.contentChanged, notice(w, {}, COMMITMENT + 1n))
        expect((await w.storage.getSlot(w.claim.slot)).end).to.equal(COMMITMENT + 1n)
      })

      it('asks nothing of the miner while that is busy with it', async () => {
        const w = await loadFixture(claimed)
        const miner = await scriptActor(MINERS[0])
        await miner.passRestTo(await ethers.deployContract('LocalMiner'))
        await miner.failWith('0x')
        expect(await ask(w, MINER, METHOD.contentChanged, notice(w))).to.deep.equal([0n, CBOR, YES])
      })

      it('pays nothing and moves no money', async () => {
        const w = await loadFixture(claimed)
        const before = [await w.storage.getOrder(w.claim.orderId), await w.storage.liabilities()]
        await sector(w)
        expect([await w.storage.getOrder(w.claim.orderId), await w.storage.liabilities()]).to.deep.equal(before)
        expect(await w.storage.earnedOf(MINERS[0])).to.equal(0n)
      })
    })

    context('when the piece is for no claim of that miner', () => {
      it('answers false to a payload that is no label', async () => {
        const w = await loadFixture(claimed)
        for (const payload of ['0x', '0x00', '0x3235362f', `0x${'39'.repeat(4_000)}`, `${w.claim.label}00`]) {
          await expectIgnored(w, notice(w, { payload }))
        }
      })

      it('answers false to a stale nonce, another slot, and a slot that nobody claimed', async () => {
        const w = await loadFixture(claimed)
        const { slot } = w.claim
        for (const label of [`${slot}/0`, `${slot}/2`, `${slot + 1n}/1`, `${slot + 16n}/1`, '1/1']) {
          await expectIgnored(w, notice(w, { payload: `0x${Buffer.from(label).toString('hex')}` }))
        }
      })

      it('answers false to another miner', async () => {
        const w = await loadFixture(claimed)
        await expectIgnored(w, notice(w), maskedIdAddress(MINERS[1]))
      })

      it('answers false to another piece, another size, another kind of CID', async () => {
        const w = await loadFixture(claimed)
        const digest = Buffer.from(PIECE.digest).toString('hex')
        await expectIgnored(w, notice(w, { cid: `0x0181e203922020${Buffer.from(OTHER_PIECE.digest).toString('hex')}` }))
        await expectIgnored(w, notice(w, { cid: `0x01551220${digest}` }))
        await expectIgnored(w, notice(w, { size: 2n * PIECE.size }))
      })

      it('answers false to a commitment before the first epoch', async () => {
        const w = await loadFixture(claimed)
        await expectIgnored(w, notice(w, {}, -1n))
      })

      it('answers false after the claim’s last epoch', async () => {
        const w = await loadFixture(claimed)
        await mineUpTo(w.claim.claimBy)
        await expect(tell(w, MINER, METHOD.contentChanged, notice(w))).not.to.emit(w.storage, 'SlotBound')
        expect((await w.storage.getSlot(w.claim.slot)).kind).to.equal(KIND.None)
      })

      it('answers false once the slot is active, and leaves its term alone', async () => {
        const w = await loadFixture(claimed)
        await proveDeal(w, await deal(w))
        const before = await w.storage.getSlot(w.claim.slot)
        await expectIgnored(w, notice(w, {}, (await now()) + 2n * LONG))
        expect(await w.storage.getSlot(w.claim.slot)).to.deep.equal(before)
      })
    })

    context('when no miner tells', () => {
      it('reverts with NotAMiner for other actors', async () => {
        const w = await loadFixture(claimed)
        for (const id of [4n, 5n, 7n, 99n, 2_000n, 1n << 48n]) {
          await expect(tell(w, maskedIdAddress(id), METHOD.contentChanged, notice(w)))
            .to.be.revertedWithCustomError(w.storage, 'NotAMiner')
            .withArgs(id)
        }
      })

      it('reverts with NotAMiner for accounts and contracts, also where the last bytes are a miner’s id', async () => {
        const w = await loadFixture(claimed)
        const nearly = [`0xff${'00'.repeat(10)}01${MINER.slice(26)}`, `0x00${'00'.repeat(11)}${MINER.slice(26)}`].map(
          (a) => a.toLowerCase(),
        )
        for (const from of nearly) {
          await expect(tell(w, from, METHOD.contentChanged, notice(w)))
            .to.be.revertedWithCustomError(w.storage, 'NotAMiner')
            .withArgs(MINERS[0])
        }
        const { address } = w.claim.sp.owner
        await expect(tell(w, address, METHOD.contentChanged, notice(w)))
          .to.be.revertedWithCustomError(w.storage, 'NotAMiner')
          .withArgs(BigInt(`0x${address.slice(26)}`))
      })

      it('reverts with NotAMiner while the power actor does not say so', async () => {
        const w = await loadFixture(claimed)
        await networkHelpers.setCode(maskedIdAddress(4n), '0x')
        await expect(tell(w, MINER, METHOD.contentChanged, notice(w)))
          .to.be.revertedWithCustomError(w.storage, 'NotAMiner')
          .withArgs(MINERS[0])
      })
    })

    context('when the message is malformed', () => {
      for (const [what, params, error] of [
        ['nothing', '0x', 'CborTruncated'],
        ['a map', '0xa0', 'CborWrongType'],
        ['a sector of two parts', '0x81820700ff80', 'CborWrongLength'],
        ['2⁶⁴ − 1 sectors', '0x9bffffffffffffffff', 'CborTruncated'],
        ['something behind it', '0x8000', 'CborTrailing'],
      ] as const) {
        it(`reverts with ${error} for ${what}`, async () => {
          const w = await loadFixture(claimed)
          await expect(tell(w, MINER, METHOD.contentChanged, params)).to.be.revertedWithCustomError(w.storage, error)
        })
      }

      it('costs little gas, whatever lengths it claims', async () => {
        const w = await loadFixture(claimed)
        const params = `0x81830101991000${'00'.repeat(4_096)}`
        await expect(
          w.storage
            .connect(await ethers.getImpersonatedSigner(MINER))
            .handle_filecoin_method.staticCall(METHOD.contentChanged, CBOR, params, { gasLimit: 3_000_000n }),
        ).to.be.revertedWithCustomError(w.storage, 'CborTruncated')
      })
    })
  })
})
