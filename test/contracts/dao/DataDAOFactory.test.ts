import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import {
  badgeDao,
  CID,
  createDao,
  DEPOSIT,
  ethers,
  loadFixture,
  MAX_BYTES,
  now,
  orderTerms,
  OUT_OF_BOUNDS,
  plain,
  requestTerms,
  SETTINGS,
  setupOf,
  WEIGHTS,
  type DaoWorld,
  type Setup,
} from './world.ts'

const DAY = 2_880n
const YEAR = 365n * DAY
const MAX_UINT48 = 2n ** 48n - 1n

const addresses = (count: number) =>
  Array.from({ length: count }, (_, at) => ethers.getAddress('0x' + (4096 + at).toString(16).padStart(40, '0')))

const create = async (w: DaoWorld, setup: Partial<Setup> = {}, value = 0n) =>
  w.factory.create(await setupOf(w, { setup }), { value })

describe('DataDAOFactory.create', () => {
  it('makes the four parts and ties them together', async () => {
    const w = await loadFixture(badgeDao)
    const { factory, dao, treasury, collection, badge } = w
    const parts = {
      treasury: await treasury.getAddress(),
      collection: await collection.getAddress(),
      membership: await badge.getAddress(),
    }
    expect(plain(await factory.partsOf(dao))).to.deep.equal(parts)
    expect(await dao.timelock()).to.equal(parts.treasury)
    expect(await dao.token()).to.equal(parts.membership)
    expect(await dao.collection()).to.equal(parts.collection)
    expect(await treasury.collection()).to.equal(parts.collection)
    expect([await collection.dao(), await collection.treasury()]).to.deep.equal([
      await dao.getAddress(),
      parts.treasury,
    ])
    for (const part of [treasury, collection]) {
      expect(await part.pinningRequests()).to.equal(await w.pinning.getAddress())
      expect(await part.perpetualStorage()).to.equal(await w.perpetual.getAddress())
    }
  })

  it('sets the DAO up as it was asked to', async () => {
    const { dao, treasury, guardian } = await loadFixture(badgeDao)
    expect([await dao.name(), await dao.version()]).to.deep.equal(['Curators', '1'])
    expect([await dao.votingDelay(), await dao.votingPeriod()]).to.deep.equal([
      SETTINGS.votingDelay,
      SETTINGS.votingPeriod,
    ])
    expect(await dao['quorumNumerator()']()).to.equal(SETTINGS.quorumPercent)
    expect(await dao.proposalThreshold()).to.equal(SETTINGS.proposalThreshold)
    expect(await dao.lateQuorumVoteExtension()).to.equal(SETTINGS.lateExtension)
    expect(await treasury.getMinDelay()).to.equal(300n)
    expect((await dao.guardian()).account).to.equal(guardian.address)
    expect(plain(await dao.defaultTerms())).to.deep.equal(requestTerms())
    expect([await dao.clock(), await dao.CLOCK_MODE()]).to.deep.equal([await now(), 'mode=blocknumber&from=default'])
    expect(await dao.proposalNeedsQueuing(1n)).to.equal(true)
    expect(await dao.COUNTING_MODE()).to.equal('support=bravo&quorum=for,abstain')
  })

  it('tells of it, and sends the treasury its first deposit', async () => {
    const w = await loadFixture(badgeDao)
    const setup = await setupOf(w, { kind: 'token' })
    const dao = await w.factory.connect(w.stranger).create.staticCall(setup, { value: 5n })
    const sent = w.factory.connect(w.stranger).create(setup, { value: 5n })
    await sent
    const parts = await w.factory.partsOf(dao)
    const treasury = await ethers.getContractAt('DaoTreasury', parts.treasury)
    await expect(sent)
      .to.emit(w.factory, 'DAOCreated')
      .withArgs(dao, w.stranger.address, 'Curators', parts.treasury, parts.collection, parts.membership)
      .to.emit(treasury, 'Deposited')
      .withArgs(await w.factory.getAddress(), 5n)
    expect((await treasury.ledger()).deposited).to.equal(5n)
    const token = await ethers.getContractAt('WeightToken', parts.membership)
    expect(await token.balanceOf(w.members[1])).to.equal(WEIGHTS[1])
  })

  it('makes one without a deposit', async () => {
    const w = await loadFixture(badgeDao)
    const { treasury } = await createDao(w.factory, await setupOf(w), 0n)
    expect(plain(await treasury.ledger())).to.deep.equal({
      ...{ deposited: 0n, refunded: 0n, funded: 0n, paid: 0n, earmarked: 0n },
    })
  })

  it('makes one without a guardian', async () => {
    const w = await loadFixture(badgeDao)
    const { dao } = await createDao(
      w.factory,
      await setupOf(w, { setup: { guardian: ZeroAddress, guardianUntil: 0n } }),
    )
    expect(await dao.guardian()).to.deep.equal([ZeroAddress, 0n])
  })

  it('takes default terms as they are: what they cost is asked when they are used', async () => {
    const w = await loadFixture(badgeDao)
    const { dao } = await createDao(w.factory, await setupOf(w, { setup: { defaultTerms: orderTerms({ price: 0n }) } }))
    expect((await dao.defaultTerms()).price).to.equal(0n)
  })

  it('gives no role to anybody but the DAO', async () => {
    const { treasury, dao, factory } = await loadFixture(badgeDao)
    const roles = [await treasury.PROPOSER_ROLE(), await treasury.CANCELLER_ROLE(), await treasury.EXECUTOR_ROLE()]
    for (const role of roles) {
      expect(await treasury.hasRole(role, dao)).to.equal(true)
      for (const other of [factory, ZeroAddress, treasury]) {
        expect(await treasury.hasRole(role, other)).to.equal(false)
      }
    }
    const admin = await treasury.DEFAULT_ADMIN_ROLE()
    for (const other of [factory, dao, ZeroAddress]) expect(await treasury.hasRole(admin, other)).to.equal(false)
  })

  describe('bounds', () => {
    const refused = (what: string, minimum: bigint, maximum: bigint, actual: bigint, setup: Partial<Setup>) =>
      it(`refuses ${what} of ${actual}`, async () => {
        const w = await loadFixture(badgeDao)
        await expect(create(w, setup))
          .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
          .withArgs(what, minimum, maximum, actual)
      })
    const taken = (what: string, setup: Partial<Setup>) =>
      it(`takes ${what}`, async () => {
        const w = await loadFixture(badgeDao)
        await create(w, setup)
        expect(await w.factory.daoCount()).to.equal(2n)
      })
    const settings = (changes: Partial<typeof SETTINGS>) => ({ settings: { ...SETTINGS, ...changes } })

    for (const [what, limit] of [
      ['name', 64n],
      ['symbol', 16n],
    ] as const) {
      refused(what, 1n, limit, 0n, { [what]: '' })
      refused(what, 1n, limit, limit + 1n, { [what]: 'x'.repeat(Number(limit) + 1) })
      taken(`a ${what} of one byte`, { [what]: 'x' })
      taken(`a ${what} of ${limit} bytes`, { [what]: 'x'.repeat(Number(limit)) })
    }
    // Bytes are counted, not letters.
    refused('symbol', 1n, 16n, 18n, { symbol: 'ж'.repeat(9) })

    refused('members', 2n, 100n, 0n, { members: [] })
    refused('members', 2n, 100n, 1n, { members: addresses(1) })
    refused('members', 2n, 100n, 101n, { members: addresses(101) })
    taken('two members', { members: addresses(2) })
    taken('100 members', { members: addresses(100) })
    taken('100 weights', { members: addresses(100), weights: addresses(100).map(() => 1n) })

    for (const [name, minimum, maximum] of [
      ['votingDelay', 1n, 14n * DAY],
      ['votingPeriod', 20n, 42n * DAY],
      ['quorumPercent', 1n, 50n],
      ['proposalThreshold', 1n, 2n],
    ] as const) {
      refused(name, minimum, maximum, minimum - 1n, settings({ [name]: minimum - 1n, lateExtension: 0n }))
      refused(name, minimum, maximum, maximum + 1n, settings({ [name]: maximum + 1n, lateExtension: 0n }))
      taken(`${name} of ${minimum}`, settings({ [name]: minimum, lateExtension: 0n }))
      taken(`${name} of ${maximum}`, settings({ [name]: maximum, lateExtension: 0n }))
    }
    const period = BigInt(SETTINGS.votingPeriod)
    refused('lateExtension', 0n, period, period + 1n, settings({ lateExtension: period + 1n }))
    taken('a late extension that is the voting period', settings({ lateExtension: period }))
    const delay = 30n * DAY
    refused('timelockDelaySeconds', 0n, delay * 30n, (delay + 1n) * 30n, settings({ timelockDelay: delay + 1n }))
    taken('no timelock', settings({ timelockDelay: 0n }))
    taken('a timelock of 30 days', settings({ timelockDelay: delay }))

    it('refuses a guardian whose term is over or too long, and a term of nobody', async () => {
      const w = await loadFixture(badgeDao)
      const next = async () => (await now()) + 1n
      await expect(create(w, { guardianUntil: 1n }))
        .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
        .withArgs('guardianUntil', await next(), (await next()) + YEAR, 1n)
      const late = (await next()) + YEAR + 1n
      await expect(create(w, { guardianUntil: late }))
        .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
        .withArgs('guardianUntil', late - YEAR - 1n, late - 1n, late)
      await expect(create(w, { guardian: ZeroAddress, guardianUntil: 1n }))
        .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
        .withArgs('guardianUntil', 0n, 0n, 1n)
      await create(w, { guardianUntil: (await next()) + YEAR })
      await create(w, { guardianUntil: await next() })
      expect(await w.factory.daoCount()).to.equal(3n)
    })
  })

  it('refuses the same member twice, nobody, and other than one weight for each', async () => {
    const w = await loadFixture(badgeDao)
    const [one, two] = addresses(2)
    const refusals = [
      [{ members: [one, one] }, 'AlreadyMember', [one]],
      [{ members: [one, ZeroAddress] }, 'NoAccount', []],
      [{ members: [one, two], weights: [1n] }, 'WrongWeights', [2n, 1n]],
      [{ members: [one, two], weights: [1n, 0n] }, 'ZeroWeight', [two]],
      [{ members: [one, ZeroAddress], weights: [1n, 1n] }, 'NoAccount', []],
    ] as [Partial<Setup>, string, unknown[]][]
    for (const [setup, error, args] of refusals) {
      const errors = error === 'AlreadyMember' ? w.badge : w.token
      await expect(create(w, setup))
        .to.be.revertedWithCustomError(errors, error)
        .withArgs(...args)
    }
    expect(await w.factory.daoCount()).to.equal(1n)
  })
})

describe('DataDAOFactory: its DAOs', () => {
  it('are known by it, nothing else is', async () => {
    const { factory, dao, treasury, stranger } = await loadFixture(badgeDao)
    expect(await factory.isDAO(dao)).to.equal(true)
    for (const other of [treasury, stranger, ZeroAddress, await factory.daoCode()]) {
      expect(await factory.isDAO(other)).to.equal(false)
    }
    expect(plain(await factory.partsOf(stranger))).to.deep.equal({
      ...{ treasury: ZeroAddress, collection: ZeroAddress, membership: ZeroAddress },
    })
  })

  it('are listed in their order, by pages', async () => {
    const w = await loadFixture(badgeDao)
    const made = [await w.dao.getAddress()]
    for (let n = 0; n < 3; ++n) made.push(await (await createDao(w.factory, await setupOf(w), 0n)).dao.getAddress())
    expect(await w.factory.daoCount()).to.equal(4n)
    expect(await w.factory.daos(0n, 200n)).to.deep.equal(made)
    expect(await w.factory.daos(1n, 2n)).to.deep.equal(made.slice(1, 3))
    expect(await w.factory.daos(3n, 2n)).to.deep.equal(made.slice(3))
    for (const start of [4n, MAX_UINT48]) expect(await w.factory.daos(start, 2n)).to.deep.equal([])
    expect(await w.factory.daos(0n, 0n)).to.deep.equal([])
  })

  it('know nothing of each other: a proposal of one is none of another', async () => {
    const w = await loadFixture(badgeDao)
    const other = await createDao(w.factory, await setupOf(w), DEPOSIT)
    const terms = requestTerms()
    await w.dao.connect(w.members[0]).proposeCID(0n, CID, MAX_BYTES, terms, '')
    await other.dao.connect(w.members[0]).proposeCID(0n, CID, MAX_BYTES, terms, '')
    const [one] = await w.dao.queryFilter(w.dao.filters.ProposalCreated())
    const [two] = await other.dao.queryFilter(other.dao.filters.ProposalCreated())
    expect(one.args.proposalId).not.to.equal(two.args.proposalId)
    await expect(other.dao.state(one.args.proposalId)).to.be.revertedWithCustomError(
      other.dao,
      'GovernorNonexistentProposal',
    )
  })

  it('and their parts cannot be set up again; nor can the code that they are clones of', async () => {
    const w = await loadFixture(badgeDao)
    const { factory, stranger } = w
    const to = stranger.address
    const daos = [w.dao, await ethers.getContractAt('DataDAO', await factory.daoCode())]
    const guardianUntil = (await now()) + 10n
    for (const dao of daos) {
      await expect(
        dao.initialize('x', SETTINGS, w.badge, w.treasury, to, guardianUntil, '0x'),
      ).to.be.revertedWithCustomError(w.badge, 'InvalidInitialization')
    }
    const treasuries = [w.treasury, await ethers.getContractAt('DaoTreasury', await factory.treasuryCode())]
    for (const treasury of treasuries) {
      const again = treasury['initialize(address,uint256,address)'](to, 0n, w.collection)
      await expect(again).to.be.revertedWithCustomError(w.badge, 'InvalidInitialization')
    }
    const collections = [w.collection, await ethers.getContractAt('Collection', await factory.collectionCode())]
    for (const collection of collections) {
      await expect(collection.initialize(w.dao, to)).to.be.revertedWithCustomError(w.badge, 'InvalidInitialization')
    }
    const badges = [w.badge, await ethers.getContractAt('MemberBadge', await factory.badgeCode())]
    for (const badge of badges) {
      await expect(badge.initialize('x', 'x', to, to, [to])).to.be.revertedWithCustomError(
        w.badge,
        'InvalidInitialization',
      )
    }
    const { token } = await createDao(factory, await setupOf(w, { kind: 'token' }))
    const tokens = [token, await ethers.getContractAt('WeightToken', await factory.tokenCode())]
    for (const each of tokens) {
      await expect(each.initialize('x', 'x', to, to, [to], [1n])).to.be.revertedWithCustomError(
        w.badge,
        'InvalidInitialization',
      )
    }
  })
})
