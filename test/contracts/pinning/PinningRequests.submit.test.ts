import { expect } from 'chai'
import { AbiCoder, type Interface } from 'ethers'
import { onChain, pieceCid } from '../../helpers/podsi.ts'
import {
  CID,
  DEFAULT_FEE,
  ethers,
  FEE,
  lastRequest,
  LINK,
  loadFixture,
  now,
  OTHER_CID,
  PIECE,
  plain,
  PROVIDER,
  QUORUM,
  REASON,
  REWARD,
  STATE,
  STORE,
  submit,
  terms,
  world,
  type Terms,
  type World,
} from './world.ts'

/** The provider's first, in force from its registration. */
const VERSION = 1n
const HUGE_LINK = '0x' + '61'.repeat(1_025)

/** What {EdgeJobs-StorePayload} encodes. */
const payload = (cid: string, link: string, { replicas, minTermEpochs, allowExistingDeals }: Terms, piece = NO_PIECE) =>
  AbiCoder.defaultAbiCoder().encode(
    ['tuple(bytes,bytes,uint16,uint64,bool,bytes32,uint64)'],
    [[cid, link, replicas, minTermEpochs, allowExistingDeals, piece.digest, piece.size]],
  )
const NO_PIECE = { digest: '0x' + '00'.repeat(32), size: 0n }

/** The terms as the event's arguments show them. */
const shown = (given: Terms) => [
  given.replicas,
  given.minTermEpochs,
  given.deadlineEpoch,
  given.maxBytes,
  given.rewardPerReplica,
  given.allowExistingDeals,
  given.pieceCid,
  given.pieceSize,
]

const termsOf = async ({ pinning }: World, id: bigint) => [
  ...(await pinning.queryFilter(pinning.filters.PinningRequested(id)))[0].args.terms,
]

describe('PinningRequests', () => {
  describe('submitWithTerms', () => {
    it('asks the registry under the same id and holds the rewards', async () => {
      const w = await loadFixture(world)
      const { pinning, registry, requester } = w
      const given = await terms({ replicas: 3n })

      const tx = pinning.connect(requester).submitWithTerms(CID, LINK, given, { value: FEE + 3n * REWARD })

      await expect(tx).to.emit(pinning, 'SubmitAggregatorRequest').withArgs(1n, CID)
      await expect(tx).to.emit(pinning, 'PinningRequested').withArgs(1n, requester, LINK, shown(given), FEE)
      await expect(tx)
        .to.emit(registry, 'Requested')
        .withArgs(
          1n,
          PROVIDER,
          pinning,
          VERSION,
          STORE,
          payload(CID, LINK, given),
          given.maxBytes,
          given.deadlineEpoch,
          FEE,
        )
      expect(await pinning.liabilities()).to.equal(3n * REWARD)
      expect(await registry.liabilities()).to.equal(FEE)
    })

    it('takes exactly fee and rewards, and passes on the fee', async () => {
      const w = await loadFixture(world)
      const { pinning, registry, requester } = w
      const given = await terms({ replicas: 2n })

      await expect(
        pinning.connect(requester).submitWithTerms(CID, LINK, given, { value: FEE + 2n * REWARD }),
      ).to.changeEtherBalances(ethers, [requester, pinning, registry], [-FEE - 2n * REWARD, 2n * REWARD, FEE])
    })

    it('returns the id', async () => {
      const w = await loadFixture(world)
      const given = await terms()
      await submit(w)

      expect(await w.pinning.submitWithTerms.staticCall(CID, LINK, given, { value: FEE + REWARD })).to.equal(2n)
    })

    it('keeps what was asked', async () => {
      const w = await loadFixture(world)
      const { pinning, requester } = w
      const { id, deadline } = await submit(w, { replicas: 3n, allowExistingDeals: true, minTermEpochs: 7n })

      expect(plain(await pinning.getRequest(id))).to.deep.equal({
        requester: requester.address,
        state: STATE.Requested,
        failReason: REASON.NotFound,
        replicas: 3n,
        proven: 0n,
        allowExistingDeals: true,
        minTermEpochs: 7n,
        requestedEpoch: await now(),
        deadlineEpoch: deadline,
        carBytes: 0n,
        pieceSize: 0n,
        pieceDigest: NO_PIECE.digest,
        rewardPerReplica: REWARD,
        reward: 3n * REWARD,
        cid: CID,
      })
    })

    it('tells the operators the piece that the requester names, and keeps it', async () => {
      const w = await loadFixture(world)
      const { pinning, registry } = w
      const { id } = await submit(w, { pieceCid: pieceCid(PIECE), pieceSize: PIECE.size })
      const [event] = await registry.queryFilter(registry.filters.Requested(id))

      const { pieceDigest, pieceSize } = await pinning.getRequest(id)
      expect([pieceDigest, pieceSize]).to.deep.equal([onChain(PIECE).digest, PIECE.size])
      expect(event.args.payload).to.equal(payload(CID, LINK, await terms(), onChain(PIECE)))
    })

    it('accepts the bounds of every term', async () => {
      const w = await loadFixture(world)
      const { pinning } = w
      await submit(w, { replicas: 16n })
      await submit(w, { minTermEpochs: 1n })
      await submit(w, { minTermEpochs: 3_680_640n })
      await submit(w, { rewardPerReplica: 0n })
      await submit(w, { pieceCid: pieceCid(PIECE), pieceSize: 128n })
      await submit(w, { deadlineEpoch: (await now()) + 61n })
      await pinning.submitWithTerms('0x1220' + 'ab'.repeat(32), HUGE_LINK.slice(0, -2), await terms(), {
        value: FEE + REWARD,
      })

      expect(await pinning.requestCount()).to.equal(7n)
    })

    const refused = (
      what: string,
      error: string,
      args: unknown[] | ((w: World, given: Terms) => Promise<unknown[]>),
      {
        changes = {},
        cid = CID,
        link = LINK,
        pay = 0n,
        errors,
      }: { changes?: Partial<Terms>; cid?: string; link?: string; pay?: bigint; errors?: 'registry' } = {},
    ) =>
      it(`reverts with ${error} for ${what}`, async () => {
        const w = await loadFixture(world)
        const { pinning, registry } = w
        const given = await terms(changes)
        const value = FEE + BigInt(given.replicas) * BigInt(given.rewardPerReplica) + pay

        const definedBy: { interface: Interface } = errors === 'registry' ? registry : pinning
        await expect(pinning.submitWithTerms(cid, link, given, { value }))
          .to.be.revertedWithCustomError(definedBy, error)
          .withArgs(...(typeof args === 'function' ? await args(w, given) : args))
      })

    it('reverts with ZeroFee for nothing', async () => {
      const { pinning } = await loadFixture(world)

      await expect(pinning.submitWithTerms(CID, LINK, await terms())).to.be.revertedWithCustomError(pinning, 'ZeroFee')
    })

    refused('an attoFIL too little', 'WrongValue', [FEE + REWARD, FEE + REWARD - 1n], { pay: -1n })
    refused('an attoFIL too much', 'WrongValue', [FEE + REWARD, FEE + REWARD + 1n], { pay: 1n })
    refused('what is not a CID', 'InvalidCid', ['0x0170', 2n], { cid: '0x0170' })
    refused('no CID', 'InvalidCid', ['0x', 0n], { cid: '0x' })
    refused('a fetch link beyond 1,024 bytes', 'FetchLinkTooLong', [1_024n, 1_025n], { link: HUGE_LINK })
    refused('no replicas', 'BadReplicas', [16n, 0n], { changes: { replicas: 0n } })
    refused('too many replicas', 'BadReplicas', [16n, 17n], { changes: { replicas: 17n } })
    refused('no term', 'BadTerm', [1n, 3_680_640n, 0n], { changes: { minTermEpochs: 0n } })
    refused('a term longer than any deal', 'BadTerm', [1n, 3_680_640n, 3_680_641n], {
      changes: { minTermEpochs: 3_680_641n },
    })
    refused('a deadline in the past', 'PastDeadline', async (_, given) => [(await now()) + 1n, given.deadlineEpoch], {
      changes: { deadlineEpoch: 3n },
    })
    it('takes no deadline of the epoch before', async () => {
      const w = await loadFixture(world)
      const epoch = await now()
      const given = await terms({ deadlineEpoch: epoch })

      await expect(w.pinning.submitWithTerms(CID, LINK, given, { value: FEE + REWARD }))
        .to.be.revertedWithCustomError(w.pinning, 'PastDeadline')
        .withArgs(epoch + 1n, epoch)
    })
    refused(
      'a deadline so far off that a proven deal would lock the rest of the money (a Unix time)',
      'DeadlineTooFar',
      async () => [(await now()) + 1n + 3_680_640n, 1_795_000_000n],
      { changes: { deadlineEpoch: 1_795_000_000n } },
    )
    refused('a piece without its size', 'BadPieceSize', [0n], { changes: { pieceCid: pieceCid(PIECE) } })
    refused('a size without its piece', 'BadPieceSize', [128n], { changes: { pieceSize: 128n } })
    refused('a size that is no power of two', 'BadPieceSize', [384n], {
      changes: { pieceCid: pieceCid(PIECE), pieceSize: 384n },
    })
    refused('a size below the least', 'BadPieceSize', [64n], {
      changes: { pieceCid: pieceCid(PIECE), pieceSize: 64n },
    })
    refused('a piece that is no piece CID', 'NotAPieceCid', [CID], { changes: { pieceCid: CID, pieceSize: 128n } })
    refused('a reward that the quorum cannot share', 'RewardNotDivisible', [QUORUM, 3n], {
      changes: { rewardPerReplica: 3n },
    })
    refused('no size of the content', 'ZeroMaxBytes', [], { changes: { maxBytes: 0n }, errors: 'registry' })
    refused('a size that no deal has', 'MaxBytesTooLarge', [1n << 59n, (1n << 59n) + 1n], {
      changes: { maxBytes: (1n << 59n) + 1n },
      errors: 'registry',
    })

    it('leaves a deadline of this very epoch to the provider', async () => {
      const { pinning, registry } = await loadFixture(world)
      const epoch = (await now()) + 1n

      await expect(pinning.submitWithTerms(CID, LINK, await terms({ deadlineEpoch: epoch }), { value: FEE + REWARD }))
        .to.be.revertedWithCustomError(registry, 'DeadlineTooSoon')
        .withArgs(epoch + 60n, epoch)
    })
  })

  describe('quote', () => {
    it('tells fee and rewards', async () => {
      const { pinning } = await loadFixture(world)

      expect([...(await pinning.quote(await terms({ replicas: 5n })))]).to.deep.equal([FEE, 5n * REWARD])
    })
  })

  describe('submit', () => {
    it('asks for one deal of up to 1 GiB, of 180 days at least within 10 days, and rewards it with the rest', async () => {
      const w = await loadFixture(world)
      const { pinning, requester } = w

      const tx = pinning.connect(requester).submit(CID, LINK, { value: DEFAULT_FEE + REWARD })

      await expect(tx).to.emit(pinning, 'SubmitAggregatorRequest').withArgs(1n, CID)
      await expect(tx).not.to.emit(pinning, 'Credited')
      const given = { ...(await terms()), minTermEpochs: 518_400n, maxBytes: 1n << 30n }
      expect(await termsOf(w, 1n)).to.deep.equal(shown({ ...given, deadlineEpoch: (await now()) + 28_800n }))
      expect((await pinning.getRequest(1n)).requester).to.equal(requester.address)
    })

    it('credits the caller with what the quorum cannot share', async () => {
      const w = await loadFixture(world)
      const { pinning, requester } = w

      const tx = pinning.connect(requester).submit(OTHER_CID, '0x', { value: DEFAULT_FEE + 7n })

      await expect(tx).to.emit(pinning, 'Credited').withArgs(requester, 1n, 1n)
      const { rewardPerReplica, reward } = await pinning.getRequest(1n)
      expect([rewardPerReplica, reward]).to.deep.equal([6n, 6n])
      expect(await pinning.creditOf(requester)).to.equal(1n)
      expect(await pinning.liabilities()).to.equal(7n)
    })

    it('promises no reward when the fee alone is paid', async () => {
      const { pinning, registry, requester } = await loadFixture(world)
      await pinning.connect(requester).submit(CID, LINK, { value: DEFAULT_FEE })

      expect((await pinning.getRequest(await lastRequest({ registry }))).reward).to.equal(0n)
      expect(await pinning.liabilities()).to.equal(0n)
    })

    it('returns the id', async () => {
      const w = await loadFixture(world)
      await submit(w)

      expect(await w.pinning.submit.staticCall(CID, LINK, { value: DEFAULT_FEE })).to.equal(2n)
    })

    it('reverts with ZeroFee for nothing', async () => {
      const { pinning } = await loadFixture(world)

      await expect(pinning.submit(CID, LINK)).to.be.revertedWithCustomError(pinning, 'ZeroFee')
    })

    it('reverts with FeeTooLow for less than the fee', async () => {
      const { pinning } = await loadFixture(world)

      await expect(pinning.submit(CID, LINK, { value: DEFAULT_FEE - 1n }))
        .to.be.revertedWithCustomError(pinning, 'FeeTooLow')
        .withArgs(DEFAULT_FEE, DEFAULT_FEE - 1n)
    })

    it('reverts with InvalidCid for what is not a CID', async () => {
      const { pinning } = await loadFixture(world)

      await expect(pinning.submit('0x0270', LINK, { value: DEFAULT_FEE }))
        .to.be.revertedWithCustomError(pinning, 'InvalidCid')
        .withArgs('0x0270', 5n)
    })

    it('reverts with FeeTooLow, which names the least value, also for what another size would cost', async () => {
      const { pinning } = await loadFixture(world)

      await expect(pinning.submit(CID, LINK, { value: FEE }))
        .to.be.revertedWithCustomError(pinning, 'FeeTooLow')
        .withArgs(DEFAULT_FEE, FEE)
    })
  })

  describe('defaultTerms', () => {
    it('are what submit asks for, and can be quoted', async () => {
      const { pinning } = await loadFixture(world)
      const given = await pinning.defaultTerms()

      expect([...given]).to.deep.equal([1n, 518_400n, (await now()) + 28_800n, 1n << 30n, 0n, false, '0x', 0n])
      expect([...(await pinning.quote(plain(given) as unknown as Terms))]).to.deep.equal([DEFAULT_FEE, 0n])
    })
  })
})
