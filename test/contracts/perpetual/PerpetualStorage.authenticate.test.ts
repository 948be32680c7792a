import { expect } from 'chai'
import { hexlify, toUtf8Bytes } from 'ethers'
import { ACTOR_ADDRESSES, maskedIdAddress } from '../../../scripts/local/actors.ts'
import { MIN_DURATION } from '../../helpers/actors.ts'
import {
  ask,
  authenticateParams,
  CBOR,
  encodeProposal,
  f0,
  f410,
  MARKET_ADDRESS,
  METHOD,
  proposalOf,
  REFUSAL,
  tell,
  type Proposal,
} from './messages.ts'
import { deal, proveDeal, proposalFor } from './replicas.ts'
import {
  claim,
  claimed,
  ethers,
  loadFixture,
  MINERS,
  mineUpTo,
  now,
  otherSlot,
  type Claimed,
  type World,
} from './world.ts'

type Setting = World & { claim: Claimed }

const TRUE = [0n, CBOR, '0xf5']

/** What the contract says when the market asks it about a proposal with these changes. */
async function authenticated(w: Setting, changes: Partial<Proposal> = {}, from = MARKET_ADDRESS) {
  return ask(w, from, METHOD.authenticate, authenticateParams(encodeProposal(await proposalOf(w, changes))))
}

async function expectRefused(w: Setting, refusal: keyof typeof REFUSAL, changes: Partial<Proposal>, from?: string) {
  await expect(authenticated(w, changes, from))
    .to.be.revertedWithCustomError(w.storage, 'DealRefused')
    .withArgs(REFUSAL[refusal])
}

const OTHER_DIGEST = 'ee'.repeat(31) + '0e'

describe('PerpetualStorage', () => {
  describe('handle_filecoin_method: AuthenticateMessage', () => {
    context('when the market asks about a deal for a claim', () => {
      it('answers CBOR true', async () => {
        const w = await loadFixture(claimed)
        expect(await authenticated(w)).to.deep.equal(TRUE)
      })

      it('takes its own address as f0 too', async () => {
        const w = await loadFixture(claimed)
        const book = await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)
        const { id } = await book.idOf(w.storage)
        expect(await authenticated(w, { client: f0(id) })).to.deep.equal(TRUE)
      })

      it('takes the label as bytes too', async () => {
        const w = await loadFixture(claimed)
        expect(await authenticated(w, { label: { bytes: w.claim.label } })).to.deep.equal(TRUE)
      })

      it('does not look at the signature', async () => {
        const w = await loadFixture(claimed)
        const params = authenticateParams(encodeProposal(await proposalOf(w)), `0x${'a5'.repeat(65)}`)
        expect(await ask(w, MARKET_ADDRESS, METHOD.authenticate, params)).to.deep.equal(TRUE)
      })

      it('leaves what the provider puts down to the provider', async () => {
        const w = await loadFixture(claimed)
        expect(await authenticated(w, { providerCollateral: 0n })).to.deep.equal(TRUE)
        expect(await authenticated(w, { providerCollateral: 10n ** 27n })).to.deep.equal(TRUE)
      })

      it('lets the market publish it', async () => {
        const w = await loadFixture(claimed)
        const given = await proposalFor(w, { client: await w.storage.getAddress() })
        await expect(w.market.connect(w.claim.sp.owner).publish([given])).to.emit(w.market, 'DealPublished')
      })
    })

    context('when another asks', () => {
      for (const [who, address] of [
        ['a miner actor', maskedIdAddress(MINERS[0])],
        ['the power actor', maskedIdAddress(4n)],
        ['the datacap actor', maskedIdAddress(7n)],
        ['an actor whose id ends like the market’s', maskedIdAddress(261n)],
        ['an address that is nearly the market’s', `0xff${'00'.repeat(10)}01${'00'.repeat(7)}05`],
        ['an account', `0x${'12'.repeat(20)}`],
      ] as const) {
        it(`refuses ${who}: NotTheMarket`, async () => {
          await expectRefused(await loadFixture(claimed), 'NotTheMarket', {}, address)
        })
      }
    })

    context('when the deal is not as it must be', () => {
      it('refuses another client: OtherClient', async () => {
        const w = await loadFixture(claimed)
        await expectRefused(w, 'OtherClient', { client: f410(w.client.address) })
        await expectRefused(w, 'OtherClient', { client: f0(MINERS[0]) })
        await expectRefused(w, 'OtherClient', { client: f410(`0x${'77'.repeat(20)}`) })
        await expectRefused(w, 'OtherClient', { client: f410(ACTOR_ADDRESSES.callActorId) })
      })

      it('refuses a price, and collateral of its own: NotFree', async () => {
        const w = await loadFixture(claimed)
        await expectRefused(w, 'NotFree', { price: 1n })
        await expectRefused(w, 'NotFree', { clientCollateral: 1n })
      })

      it('refuses a verified deal: Verified', async () => {
        await expectRefused(await loadFixture(claimed), 'Verified', { verified: true })
      })

      for (const label of ['', '256', '/', '0256/1', '256/1 ', 'QmLabel', '256/18446744073709551616']) {
        it(`refuses the label ‘${label}’: BadLabel`, async () => {
          await expectRefused(await loadFixture(claimed), 'BadLabel', { label })
        })
      }

      it('refuses another claim than the one that is to be proven: NoSuchClaim', async () => {
        const w = await loadFixture(claimed)
        const { slot } = w.claim
        for (const label of [`${slot}/0`, `${slot}/2`, `${slot + 1n}/1`, `${otherSlot(slot)}/0`, '0/0', '99999/1']) {
          await expectRefused(w, 'NoSuchClaim', { label })
        }
      })

      it('refuses another provider than the claim’s: OtherProvider', async () => {
        const w = await loadFixture(claimed)
        await expectRefused(w, 'OtherProvider', { provider: f0(MINERS[1]) })
        await expectRefused(w, 'OtherProvider', { provider: `0x02${'33'.repeat(20)}` })
        await expectRefused(w, 'OtherProvider', { provider: f410(w.claim.sp.owner.address) })
      })

      it('refuses another piece: OtherPiece', async () => {
        const w = await loadFixture(claimed)
        const { pieceDigest, pieceSize } = await w.storage.getOrder(w.claim.orderId)
        await expectRefused(w, 'OtherPiece', { pieceCid: `0x0181e203922020${OTHER_DIGEST}` })
        await expectRefused(w, 'OtherPiece', { pieceCid: `0x01551220${pieceDigest.slice(2)}` })
        await expectRefused(w, 'OtherPiece', { pieceSize: 2n * pieceSize })
        await expectRefused(w, 'OtherPiece', { pieceSize: pieceSize / 2n })
      })

      it('refuses a start in the past or after the claim’s last epoch: BadStart', async () => {
        const w = await loadFixture(claimed)
        await expectRefused(w, 'BadStart', { startEpoch: 0n })
        await expectRefused(w, 'BadStart', { startEpoch: -1n })
        await expectRefused(w, 'BadStart', { startEpoch: w.claim.claimBy + 1n })
        expect(await authenticated(w, { startEpoch: w.claim.claimBy })).to.deep.equal(TRUE)
      })

      it('takes a start in this very epoch, none in the one before', async () => {
        const w = await loadFixture(claimed)
        const start = (await now()) + 1n
        const params = authenticateParams(encodeProposal(await proposalOf(w, { startEpoch: start })))
        await tell(w, MARKET_ADDRESS, METHOD.authenticate, params)
        await expect(tell(w, MARKET_ADDRESS, METHOD.authenticate, params))
          .to.be.revertedWithCustomError(w.storage, 'DealRefused')
          .withArgs(REFUSAL.BadStart)
      })

      it('refuses an end which leaves no term to a proof at the claim’s last epoch: TermTooShort', async () => {
        const w = await loadFixture(claimed)
        const endEpoch = w.claim.claimBy + MIN_DURATION
        await expectRefused(w, 'TermTooShort', { endEpoch: endEpoch - 1n })
        await expectRefused(w, 'TermTooShort', { endEpoch: -1n })
        expect(await authenticated(w, { endEpoch })).to.deep.equal(TRUE)
      })
    })

    context('when the claim is over', () => {
      it('refuses after its last epoch: NoSuchClaim', async () => {
        const w = await loadFixture(claimed)
        await mineUpTo(w.claim.claimBy + 1n)
        await expectRefused(w, 'NoSuchClaim', {})
      })

      it('refuses once the slot is active: NoSuchClaim', async () => {
        const w = await loadFixture(claimed)
        await proveDeal(w, await deal(w))
        await expectRefused(w, 'NoSuchClaim', {})
      })

      it('refuses the label of a claim that lapsed, and takes the next one’s', async () => {
        const w = await loadFixture(claimed)
        await mineUpTo(w.claim.claimBy + 1n)
        const next = { ...w, claim: await claim(w, w.claim, { slot: w.claim.slot, sp: w.sps[1] }) }
        expect(next.claim.nonce).to.equal(2n)
        await expectRefused(next, 'NoSuchClaim', { label: `${w.claim.slot}/1` })
        expect(await authenticated(next)).to.deep.equal(TRUE)
      })
    })

    context('when the message is malformed', () => {
      for (const [what, params, error] of [
        ['nothing', '0x', 'CborTruncated'],
        ['a signature alone', '0x8140', 'CborWrongLength'],
        ['a message that is no proposal', '0x8240420102', 'CborWrongType'],
        ['an empty message', '0x824040', 'CborTruncated'],
        ['something behind it', '0x82404000', 'CborTrailing'],
      ] as const) {
        it(`reverts with ${error} for ${what}`, async () => {
          const w = await loadFixture(claimed)
          await expect(ask(w, MARKET_ADDRESS, METHOD.authenticate, params)).to.be.revertedWithCustomError(
            w.storage,
            error,
          )
        })
      }

      it('reverts with ResolveFailed for a client that is no address', async () => {
        const w = await loadFixture(claimed)
        await expect(authenticated(w, { client: '0x00' }))
          .to.be.revertedWithCustomError(w.storage, 'ResolveFailed')
          .withArgs('0x00')
      })
    })
  })

  describe('handle_filecoin_method: any other method', () => {
    it('refuses data cap', async () => {
      const w = await loadFixture(claimed)
      await expect(ask(w, maskedIdAddress(7n), METHOD.receive, '0x82004100')).to.be.revertedWithCustomError(
        w.storage,
        'DatacapRefused',
      )
    })

    for (const method of [0n, 2n, 3_844_450_837n, METHOD.notify + 1n, (1n << 64n) - 1n]) {
      it(`reverts with UnhandledMethod for ${method}`, async () => {
        const w = await loadFixture(claimed)
        await expect(ask(w, MARKET_ADDRESS, method, hexlify(toUtf8Bytes('anything'))))
          .to.be.revertedWithCustomError(w.storage, 'UnhandledMethod')
          .withArgs(method)
      })
    }
  })
})
