import { expect } from 'chai'
import * as daos from './world.ts'
import { badgeDao, callTo, CID, DEPOSIT, ethers, loadFixture, OTHER_CID, PROPOSAL_STATE, tokenDao } from './world.ts'

const selectorOf = (data: string) => data.slice(0, 10)

describe('DataDAO: attacks on treasury and collection', () => {
  describe('a call that is reserved', () => {
    it('keeps a CID by an ordinary proposal, naming the treasury plainly or by its masked id', async () => {
      const w = await loadFixture(badgeDao)
      const voted = await daos.proposeCid(w)
      const [keep] = voted.calldatas
      const drop = w.treasury.interface.encodeFunctionData('drop', [1n, CID, ''])

      for (const target of [await w.treasury.getAddress(), await daos.maskedOf(w.treasury)]) {
        for (const data of [keep, drop]) {
          await expect(daos.propose(w, [{ target: w.stranger }, { target, data }]))
            .to.be.revertedWithCustomError(w.dao, 'ReservedCall')
            .withArgs(target, selectorOf(data))
        }
      }
    })

    it('adds an entry to the collection, or takes one out, past the treasury', async () => {
      const w = await loadFixture(badgeDao)
      const remove = w.collection.interface.encodeFunctionData('remove', [CID, ''])

      for (const target of [await w.collection.getAddress(), await daos.maskedOf(w.collection)]) {
        await expect(daos.propose(w, [{ target, data: remove }]))
          .to.be.revertedWithCustomError(w.dao, 'ReservedCall')
          .withArgs(target, selectorOf(remove))
      }
    })

    it("asks in the DAO's name what only the Governor asks of its parts", async () => {
      const w = await loadFixture(badgeDao)
      const lock = w.membership.interface.encodeFunctionData('lock', [w.members[4].address, (1n << 48n) - 1n])
      const keep = w.treasury.interface.encodeFunctionData('absorb')
      const submit = w.dao.interface.encodeFunctionData('submit', [0n, '0x', 'Forged', w.members[4].address])
      const parts = [
        { part: w.membership, data: lock },
        { part: w.treasury, data: keep },
        { part: w.dao, data: submit },
      ]

      for (const { part, data } of parts) {
        for (const target of [await part.getAddress(), await daos.maskedOf(part)]) {
          const relayed = w.dao.interface.encodeFunctionData('relay', [target, 0n, data])
          const proposal = await daos.propose(w, [await callTo(w.dao, relayed)], { description: target })
          await daos.ripen(w, proposal)
          await expect(daos.execute(w, proposal))
            .to.be.revertedWithCustomError(w.dao, 'ReservedCall')
            .withArgs(target, selectorOf(data))
        }
      }
    })

    it('relays to a stranger what is allowed, by a passed vote alone', async () => {
      const w = await loadFixture(tokenDao)
      const other = await daos.createDao(w.factory, await daos.setupOf(w, { kind: 'token' }))
      await other.token.connect(w.members[0]).transfer(w.dao, 7n)
      const data = other.token.interface.encodeFunctionData('transfer', [w.stranger.address, 7n])
      const call: [string, bigint, string] = [await other.token.getAddress(), 0n, data]

      await expect(w.dao.connect(w.members[0]).relay(...call))
        .to.be.revertedWithCustomError(w.dao, 'GovernorOnlyExecutor')
        .withArgs(w.members[0].address)
      const relayed = w.dao.interface.encodeFunctionData('relay', call)
      await daos.carry(w, await daos.propose(w, [await callTo(w.dao, relayed)]))
      expect(await other.token.balanceOf(w.stranger)).to.equal(7n)
    })

    it('gives a role of the timelock to somebody, or takes the DAO one of its own', async () => {
      const w = await loadFixture(badgeDao)
      const role = await w.treasury.EXECUTOR_ROLE()
      const calls = [
        w.treasury.interface.encodeFunctionData('grantRole', [role, w.stranger.address]),
        w.treasury.interface.encodeFunctionData('revokeRole', [role, await w.dao.getAddress()]),
        w.treasury.interface.encodeFunctionData('renounceRole', [ethers.ZeroHash, await w.treasury.getAddress()]),
      ]

      for (const data of calls) {
        const proposal = await daos.propose(w, [await callTo(w.treasury, data)], { description: data })
        await daos.ripen(w, proposal)
        await expect(daos.execute(w, proposal)).to.be.revertedWithCustomError(w.treasury, 'RolesAreFixed')
      }
      expect(await w.treasury.hasRole(role, w.dao)).to.equal(true)
      expect(await w.treasury.hasRole(role, w.stranger)).to.equal(false)
    })
  })

  describe('the ledger', () => {
    it('blows itself up by money that the treasury sends to itself', async () => {
      const w = await loadFixture(badgeDao)
      const before = await w.treasury.ledger()
      const proposal = await daos.propose(w, [await callTo(w.treasury, '0x', DEPOSIT)])
      await daos.carry(w, proposal)

      expect(await w.treasury.ledger()).to.deep.equal(before)
      expect(await w.treasury.free()).to.equal(DEPOSIT)
      expect(await ethers.provider.getBalance(w.treasury)).to.equal(DEPOSIT)
    })

    it('spends by one proposal what another has earmarked: queue and execution say what is short', async () => {
      const w = await loadFixture(badgeDao)
      const cost = daos.REQUEST_COST + daos.SPARE
      const kept = await daos.proposeCid(w)
      const all = await daos.propose(w, [{ target: w.stranger, value: DEPOSIT }], { description: 'All' })
      const rest = await daos.propose(w, [{ target: w.stranger, value: DEPOSIT - cost }], { description: 'The rest' })
      for (const proposal of [kept, all, rest]) await daos.vote(w, proposal, w.members.slice(1))
      await daos.passVote(w, rest)
      await daos.queue(w, kept)

      await expect(daos.queue(w, all))
        .to.be.revertedWithCustomError(w.treasury, 'TreasuryShort')
        .withArgs(DEPOSIT, DEPOSIT - cost)
      expect(await daos.stateOf(w, all)).to.equal(PROPOSAL_STATE.Succeeded)
      await daos.queue(w, rest)
      expect(await w.treasury.free()).to.equal(0n)
      await daos.passDelay(w, rest)
      await daos.execute(w, rest)
      await expect(daos.execute(w, kept)).to.changeEtherBalance(ethers, w.treasury, -daos.REQUEST_COST)
      expect(await w.treasury.free()).to.equal(daos.SPARE)
      await expect(daos.queue(w, all))
        .to.be.revertedWithCustomError(w.treasury, 'TreasuryShort')
        .withArgs(DEPOSIT, daos.SPARE)
    })

    it('is paid for by who executes: what comes along is a deposit', async () => {
      const w = await loadFixture(badgeDao)
      const proposal = await daos.propose(w, [{ target: w.stranger, value: 5n }])
      await daos.ripen(w, proposal)
      const { deposited } = await w.treasury.ledger()

      await expect(w.dao.execute(...daos.payloadOf(proposal), { value: 11n }))
        .to.emit(w.treasury, 'Deposited')
        .withArgs(await w.dao.getAddress(), 11n)
      const after = await w.treasury.ledger()
      expect([after.deposited, after.paid, after.earmarked]).to.deep.equal([deposited + 11n, 5n, 0n])
    })
  })

  describe('a removal', () => {
    it('of before takes out what was kept again since', async () => {
      const w = await loadFixture(badgeDao)
      await daos.carry(w, await daos.proposeCid(w))
      const first = await daos.proposeRemoval(w)
      const second = await daos.proposeRemoval(w)
      for (const proposal of [first, second]) await daos.vote(w, proposal, w.members.slice(1))
      await daos.passVote(w, second)
      await daos.queue(w, first)
      await daos.passDelay(w, first)
      await daos.execute(w, first)
      await daos.carry(w, await daos.proposeCid(w))
      await daos.queue(w, second)
      await daos.passDelay(w, second)

      await expect(daos.execute(w, second)).to.be.revertedWithCustomError(w.treasury, 'StaleRemoval').withArgs(4n, 3n)
      expect(await w.collection.find(CID)).to.deep.equal([true, 1n])
      await daos.carry(w, await daos.proposeRemoval(w))
      expect(await w.collection.find(CID)).to.deep.equal([false, 0n])
    })

    it('of one CID leaves another one alone', async () => {
      const w = await loadFixture(badgeDao)
      await daos.carry(w, await daos.proposeCid(w))
      const removal = await daos.proposeRemoval(w)
      await daos.ripen(w, removal)
      await daos.carry(w, await daos.proposeCid(w, { cid: OTHER_CID }))
      await daos.execute(w, removal)

      expect(await w.collection.find(CID)).to.deep.equal([false, 0n])
      expect(await w.collection.find(OTHER_CID)).to.deep.equal([true, 1n])
    })
  })
})
