import { expect } from 'chai'
import {
  activateDeal,
  installActors,
  localMarket,
  MIN_DURATION,
  publishDeal,
  scriptActor,
} from '../../helpers/actors.ts'
import { now } from '../../helpers/answers.ts'
import { frc42 } from '../../helpers/frc42.ts'
import { DEAL, ethers, JOB, loadFixture, mineUpTo, reported, type Status } from './edge-world.ts'

const FINALITY = 900n
const MARKET = 5
const PIECE = { pieceDigest: '0x' + '5a'.repeat(31) + '15', pieceSize: 2048n, providerId: 1001n }
/** What the market says of a deal that is not there. */
const NOTHING = {
  ...{ providerId: 0n, pieceDigest: '0x' + '00'.repeat(32), pieceSize: 0n },
  ...{ activatedEpoch: 0n, startEpoch: 0n, endEpoch: 0n },
}

describe('EdgeEvidence', () => {
  /** A deal that was active when the answer was given, long enough ago. */
  async function matured() {
    await installActors()
    const evidence = await ethers.deployContract('EdgeEvidence')
    const startEpoch = (await now()) + 100n
    const dealId = await publishDeal({ ...PIECE, startEpoch })
    await activateDeal(dealId)
    const activatedEpoch = await now()
    const answeredEpoch = activatedEpoch + 1n
    await mineUpTo(answeredEpoch + FINALITY)
    const truth: Status = {
      ...{ ...PIECE, dealId, state: DEAL.Active, activatedEpoch, startEpoch, endEpoch: startEpoch + MIN_DURATION },
    }
    const refutes = (changes: Partial<Status>, at = answeredEpoch) =>
      evidence.refutes(JOB.status, 0, reported({ ...truth, ...changes }), at)
    return { evidence, truth, dealId, answeredEpoch, refutes }
  }

  const STATES = Object.entries(DEAL)
  const SHOWN = [DEAL.Published, DEAL.Active, DEAL.Ended]

  context('when the deal is there', () => {
    it('does not refute what the market says', async () => {
      const { refutes } = await loadFixture(matured)
      expect(await refutes({})).to.equal(false)
    })

    it('leaves open which of Published, Active and Ended it was at the time', async () => {
      const { refutes } = await loadFixture(matured)
      for (const state of SHOWN) expect(await refutes({ state, activatedEpoch: -1n }), `${state}`).to.equal(false)
    })

    for (const [what, change] of [
      ['piece', { pieceDigest: '0x' + '5b'.repeat(31) + '15' }],
      ['piece size', { pieceSize: 4096n }],
      ['provider', { providerId: 1002n }],
      ['start', { startEpoch: 5n }],
      ['end', { endEpoch: 5n }],
    ] as const) {
      it(`refutes another ${what}, whichever of the three states was named`, async () => {
        const { refutes } = await loadFixture(matured)
        for (const state of SHOWN) expect(await refutes({ ...change, state }), `${state}`).to.equal(true)
      })
    }

    it('refutes Removed: what was removed does not come back', async () => {
      const { refutes, dealId } = await loadFixture(matured)
      expect(await refutes({ ...NOTHING, dealId, state: DEAL.Removed })).to.equal(true)
    })

    it('does not refute Unknown: it may have been published since', async () => {
      const { refutes, dealId } = await loadFixture(matured)
      expect(await refutes({ ...NOTHING, dealId, state: DEAL.Unknown })).to.equal(false)
    })
  })

  context('when there never was such a deal (exit 17)', () => {
    for (const [name, state] of STATES) {
      it(`${state === DEAL.Unknown ? 'does not refute' : 'refutes'} ${name}`, async () => {
        const { refutes, dealId } = await loadFixture(matured)
        expect(await refutes({ dealId: dealId + 1n, state })).to.equal(state !== DEAL.Unknown)
      })
    }
  })

  context('when the deal is over (exit 32)', () => {
    for (const [name, state] of STATES) {
      it(`does not refute ${name}, whatever else was said`, async () => {
        const { refutes, dealId } = await loadFixture(matured)
        await (await localMarket()).terminate(dealId)
        expect(await refutes({ state, providerId: 1002n, pieceSize: 4096n })).to.equal(false)
      })
    }
  })

  describe('its age', () => {
    it('lets an answer be younger than 900 epochs: not refuted, from 900 on it is', async () => {
      const { refutes, dealId, answeredEpoch } = await loadFixture(matured)
      const lie = { dealId: dealId + 1n }
      expect(await now()).to.equal(answeredEpoch + FINALITY)
      expect(await refutes(lie, answeredEpoch + 1n)).to.equal(false)
      expect(await refutes(lie, answeredEpoch)).to.equal(true)
    })

    it('cannot be hidden behind an epoch that does not fit', async () => {
      const { refutes, dealId } = await loadFixture(matured)
      expect(await refutes({ dealId: dealId + 1n }, (1n << 64n) - 1n)).to.equal(false)
    })
  })

  context('when the market does not tell', () => {
    for (const [method, lie] of [
      ['GetDealDataCommitment', { pieceSize: 4096n }],
      ['GetDealProvider', { providerId: 9n }],
      ['GetDealTerm', { endEpoch: 9n }],
    ] as const) {
      it(`does not refute by another exit code of ${method}`, async () => {
        const { refutes } = await loadFixture(matured)
        const market = await scriptActor(MARKET)
        await market.script(frc42(method), 20, 0, '0x')
        await market.passRestTo(await ethers.deployContract('LocalMarket'))
        expect(await refutes(lie)).to.equal(false)
      })
    }

    it('reverts with BadActorReturn on an answer that is none', async () => {
      const { evidence, refutes } = await loadFixture(matured)
      const market = await scriptActor(MARKET)
      await market.script(frc42('GetDealDataCommitment'), 0, 0, '0x')
      await expect(refutes({}))
        .to.be.revertedWithCustomError(evidence, 'BadActorReturn')
        .withArgs(5n, frc42('GetDealDataCommitment'), 0n, 0n)
    })
  })

  it('refutes no answer of another job', async () => {
    const { evidence, truth, dealId, answeredEpoch } = await loadFixture(matured)
    const lie = reported({ ...truth, dealId: dealId + 1n })
    for (const job of [JOB.pin, JOB.store, JOB.fetch, 9]) {
      expect(await evidence.refutes(job, 0, lie, answeredEpoch), `job ${job}`).to.equal(false)
    }
  })

  it('refutes nothing that is no status', async () => {
    const { evidence, truth, dealId, answeredEpoch } = await loadFixture(matured)
    const lie = reported({ ...truth, dealId: dealId + 1n })
    for (const data of ['0x', lie.slice(0, -2), `${lie}00`]) {
      expect(await evidence.refutes(JOB.status, 0, data, answeredEpoch)).to.equal(false)
    }
    const noState = reported({ ...truth, state: 5n })
    await expect(evidence.refutes(JOB.status, 0, noState, answeredEpoch)).to.revert(ethers)
  })
})
