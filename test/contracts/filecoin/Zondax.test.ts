import { expect } from 'chai'
import { installActors, scriptActor } from '../../helpers/actors.ts'
import { CBOR } from '../../helpers/actor-reader.ts'
import { frc42 } from '../../helpers/frc42.ts'
import { connect } from '../../helpers/network.ts'
import vectors from '../../vectors/actors.json' with { type: 'json' }

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

const MARKET = 5n
const POWER = 4n
const MINER = 1777n
const DEAL = 1000n
const OWNER = '0x00d10f'
const DIGEST = 'ab'.repeat(32)

/** The library's big integer as a number; it leaves zero empty. */
const amount = ({ val, neg }: { val: string; neg: boolean }) => (neg ? -1n : 1n) * BigInt(val === '0x' ? 0 : val)

describe('the readers beside @zondax/filecoin-solidity 4.0.3', () => {
  async function scripted() {
    await installActors()
    return {
      zondax: await ethers.deployContract('ZondaxHarness'),
      market: await ethers.deployContract('MarketActorHarness'),
      miner: await ethers.deployContract('MinerActorHarness'),
      power: await ethers.deployContract('PowerActorHarness'),
      addresses: await ethers.deployContract('FilAddressHarness'),
      marketActor: await scriptActor(MARKET),
      minerActor: await scriptActor(MINER),
      powerActor: await scriptActor(POWER),
    }
  }
  type World = Awaited<ReturnType<typeof scripted>>

  /** A fresh world in which one actor answers `method` with `data`. */
  async function answering(actor: 'marketActor' | 'minerActor' | 'powerActor', method: string, data: string) {
    const world: World = await loadFixture(scripted)
    await world[actor].script(frc42(method), 0, CBOR, data)
    return world
  }

  describe('agree', () => {
    for (const [getter, method, data] of [
      ['getDealProvider', 'GetDealProvider', vectors.GetDealProvider.deal],
      ['getDealProvider', 'GetDealProvider', '0x1bffffffffffffffff'],
      ['getDealClient', 'GetDealClient', vectors.GetDealClient.deal],
      ['getDealVerified', 'GetDealVerified', vectors.GetDealVerified.yes],
      ['getDealVerified', 'GetDealVerified', vectors.GetDealVerified.no],
    ] as const) {
      it(`on ${method} ${data}`, async () => {
        const { zondax, market } = await answering('marketActor', method, data)
        expect(await market[getter](DEAL)).to.deep.equal([0n, await zondax[getter].staticCall(DEAL)])
      })
    }

    for (const getter of ['getDealTotalPrice', 'getDealClientCollateral', 'getDealProviderCollateral'] as const) {
      for (const data of ['0x49000731ba0dab900000', '0x40', '0x420001', `0x582100${'ff'.repeat(32)}`]) {
        it(`on ${getter} ${data.slice(0, 22)}`, async () => {
          const { zondax, market } = await answering('marketActor', getter.replace('get', 'Get'), data)
          expect(await market[getter](DEAL)).to.deep.equal([0n, amount(await zondax[getter].staticCall(DEAL))])
        })
      }
    }

    for (const [kind, data] of Object.entries(vectors.GetDealLabel)) {
      it(`on a label of ${kind}`, async () => {
        const { zondax, market } = await answering('marketActor', 'GetDealLabel', data)
        const label = await zondax.getDealLabel.staticCall(DEAL)
        expect(await market.getDealLabel(DEAL)).to.deep.equal([0n, label.data, label.isString])
      })
    }

    it('on the start of a term', async () => {
      const { zondax, market } = await answering('marketActor', 'GetDealTerm', vectors.GetDealTerm.deal)
      const { term } = await market.getDealTerm(DEAL)
      expect(term.start).to.equal((await zondax.getDealTerm.staticCall(DEAL)).start)
    })

    it('on the epoch of activation', async () => {
      const { active } = vectors.GetDealActivation
      const { zondax, market } = await answering('marketActor', 'GetDealActivation', active)
      const { activation } = await market.getDealActivation(DEAL)
      expect(activation.activated).to.equal((await zondax.getDealActivation.staticCall(DEAL)).activated)
    })

    it('on the size of a piece', async () => {
      const { deal } = vectors.GetDealDataCommitment
      const { zondax, market } = await answering('marketActor', 'GetDealDataCommitment', deal)
      const { commitment } = await market.getDealDataCommitment(DEAL)
      expect(commitment.size).to.equal((await zondax.getDealDataCommitment.staticCall(DEAL)).size)
    })

    it('on a balance', async () => {
      const { zondax, market } = await answering('marketActor', 'GetBalance', vectors.GetBalance.escrow)
      const { balance, locked } = await zondax.getBalance.staticCall(OWNER)
      expect(await market.getBalance(OWNER)).to.deep.equal([0n, amount(balance), amount(locked)])
    })

    it('on a miner’s owner', async () => {
      const { zondax, miner } = await answering('minerActor', 'GetOwner', vectors.GetOwner.owner)
      const { owner, proposed } = await zondax.getOwner.staticCall(MINER)
      expect(await miner.getOwner(MINER)).to.deep.equal([0n, owner.data, proposed.data])
    })

    it('on a controlling address', async () => {
      for (const data of Object.values(vectors.IsControllingAddress)) {
        const { zondax, miner } = await answering('minerActor', 'IsControllingAddress', data)
        const controlling = await zondax.isControllingAddress.staticCall(MINER, OWNER)
        expect(await miner.isControllingAddress(MINER, OWNER)).to.deep.equal([0n, controlling])
      }
    })

    it('on a sector’s size', async () => {
      const { zondax, miner } = await answering('minerActor', 'GetSectorSize', vectors.GetSectorSize.size)
      expect(await miner.getSectorSize(MINER)).to.deep.equal([0n, await zondax.getSectorSize.staticCall(MINER)])
    })

    it('on a beneficiary', async () => {
      const { zondax, miner } = await answering('minerActor', 'GetBeneficiary', vectors.GetBeneficiary.owner)
      const { active } = await zondax.getBeneficiary.staticCall(MINER)
      expect((await miner.getBeneficiary(MINER)).active).to.deep.equal([
        active.beneficiary.data,
        amount(active.term.quota),
        amount(active.term.used_quota),
        active.term.expiration,
        false,
      ])
    })

    it('on powers and the count of miners', async () => {
      const { zondax, power, powerActor } = await answering('powerActor', 'MinerCount', vectors.MinerCount.one)
      await powerActor.script(frc42('MinerRawPower'), 0, CBOR, '0x8246000800000000f5')
      await powerActor.script(frc42('NetworkRawPower'), 0, CBOR, '0x46000800000000')
      expect(await power.minerCount()).to.deep.equal([0n, await zondax.minerCount.staticCall()])
      const raw = await zondax.minerRawPower.staticCall(MINER)
      expect(await power.minerRawPower(MINER)).to.deep.equal([
        0n,
        amount(raw.raw_byte_power),
        raw.meets_consensus_minimum,
      ])
      expect(await power.networkRawPower()).to.deep.equal([0n, amount(await zondax.networkRawPower.staticCall())])
    })

    it('on addresses', async () => {
      const { zondax, addresses } = await loadFixture(scripted)
      for (const id of [0n, 99n, 127n, 128n, 2001n, (1n << 63n) + 5n, (1n << 64n) - 1n]) {
        expect(await addresses.fromActorId(id)).to.equal(await zondax.fromActorId(id))
      }
      const [signer] = await ethers.getSigners()
      expect(await addresses.fromEth(signer.address)).to.equal(await zondax.fromEth(signer.address))
    })

    it('on an exit code, which the library reverts with', async () => {
      const { zondax, market, marketActor } = await loadFixture(scripted)
      for (const exitCode of [17n, 32n]) {
        await marketActor.script(frc42('GetDealProvider'), exitCode, 0, '0x')
        expect((await market.getDealProvider(DEAL))[0]).to.equal(exitCode)
        await expect(zondax.getDealProvider.staticCall(DEAL))
          .to.be.revertedWithCustomError(zondax, 'ActorError')
          .withArgs(exitCode)
      }
    })
  })

  describe('differ where the library is wrong', () => {
    it('it reads −1 as 0, so that a deal that was never activated looks like one of epoch 0', async () => {
      const { published } = vectors.GetDealActivation
      const { zondax, market } = await answering('marketActor', 'GetDealActivation', published)
      expect(await zondax.getDealActivation.staticCall(DEAL)).to.deep.equal([0n, 0n])
      expect((await market.getDealActivation(DEAL)).activation).to.deep.equal([-1n, -1n])
    })

    it('it reads −1000 as 999', async () => {
      const { zondax, market } = await answering('marketActor', 'GetDealActivation', '0x823903e720')
      expect((await zondax.getDealActivation.staticCall(DEAL)).activated).to.equal(999n)
      expect((await market.getDealActivation(DEAL)).activation.activated).to.equal(-1000n)
    })

    it('it leaves the 00 before the piece CID: 40 bytes', async () => {
      const { deal } = vectors.GetDealDataCommitment
      const { zondax, market } = await answering('marketActor', 'GetDealDataCommitment', deal)
      expect((await zondax.getDealDataCommitment.staticCall(DEAL)).data).to.equal(`0x000181e203922020${DIGEST}`)
      expect((await market.getDealDataCommitment(DEAL)).commitment.digest).to.equal(`0x${DIGEST}`)
    })

    it('it calls the duration of a term its end', async () => {
      const { zondax, market } = await answering('marketActor', 'GetDealTerm', vectors.GetDealTerm.deal)
      const { end } = await zondax.getDealTerm.staticCall(DEAL)
      expect(end).to.equal(518_400n)
      expect((await market.getDealTerm(DEAL)).term.duration).to.equal(end)
    })

    it('it leaves zero empty, which its own conversion to a number does not take', async () => {
      const { zondax } = await answering('marketActor', 'GetDealTotalPrice', '0x40')
      expect(await zondax.getDealTotalPrice.staticCall(DEAL)).to.deep.equal(['0x', false])
    })

    it('it takes bytes behind the value', async () => {
      const { zondax, market } = await answering('marketActor', 'GetDealProvider', '0x186400')
      expect(await zondax.getDealProvider.staticCall(DEAL)).to.equal(100n)
      await expect(market.getDealProvider(DEAL)).to.be.revertedWithCustomError(market, 'CborTrailing').withArgs(2n, 3n)
    })

    it('it takes encodings longer than needed', async () => {
      const { zondax, market } = await answering('marketActor', 'GetDealProvider', '0x190064')
      expect(await zondax.getDealProvider.staticCall(DEAL)).to.equal(100n)
      await expect(market.getDealProvider(DEAL)).to.be.revertedWithCustomError(market, 'CborNotCanonical').withArgs(0n)
    })

    it('it answers a cut value with a string', async () => {
      const { zondax, market } = await answering('marketActor', 'GetDealProvider', '0x18')
      await expect(zondax.getDealProvider.staticCall(DEAL)).to.be.revertedWith('slicing out of range')
      await expect(market.getDealProvider(DEAL))
        .to.be.revertedWithCustomError(market, 'CborTruncated')
        .withArgs(0n, 2n, 1n)
    })
  })
})
