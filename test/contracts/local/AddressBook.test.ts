import { expect } from 'chai'
import { AbiCoder } from 'ethers'
import { ACTOR_ADDRESSES, maskedIdAddress } from '../../../scripts/local/actors.ts'
import { deployActorCaller } from '../../helpers/actor-call.ts'
import { installActors } from '../../helpers/actors.ts'
import { connect } from '../../helpers/network.ts'

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

const NOBODY = '0x00000000000000000000000000000000deadbeef'

const word = (id: bigint) => AbiCoder.defaultAbiCoder().encode(['uint64'], [id])
const f410 = (address: string) => '0x040a' + address.slice(2).toLowerCase()

describe('Addresses', () => {
  async function installed() {
    await installActors()
    const { caller } = await deployActorCaller()
    const [account, other] = await ethers.getSigners()
    const book = await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)
    const ask = async (precompile: string, input: string) => {
      const [success, output] = await caller.callPrecompile(precompile, input)
      return success ? output : 'failed'
    }
    return {
      caller,
      book,
      account: account.address,
      other: other.address,
      resolve: (raw: string) => ask(ACTOR_ADDRESSES.resolveAddress, raw),
      lookup: (input: string) => ask(ACTOR_ADDRESSES.lookupDelegatedAddress, input),
    }
  }

  describe('ResolveAddress', () => {
    it('resolves any f0 address, whether there is such an actor or not', async () => {
      const { resolve } = await loadFixture(installed)
      expect(await resolve('0x0005')).to.equal(word(5n))
      expect(await resolve('0x00d10f')).to.equal(word(2001n))
      expect(await resolve('0x00ffffffffffffffffff01')).to.equal(word((1n << 64n) - 1n))
    })

    it('resolves an account or a contract that exists, always alike', async () => {
      const { resolve, account, caller, book } = await loadFixture(installed)
      const before = await resolve(f410(account))
      expect(BigInt(before)).to.be.greaterThan(1n << 48n)
      await book.register(account)
      expect(await resolve(f410(account))).to.equal(before)
      expect(await resolve(f410(await caller.getAddress()))).not.to.equal(before)
    })

    it('resolves to the id that was assigned', async () => {
      const { resolve, account, book } = await loadFixture(installed)
      await book.assign(account, 2001n)
      expect(await resolve(f410(account))).to.equal(word(2001n))
    })

    it('answers nothing for an address that is not known', async () => {
      const { resolve } = await loadFixture(installed)
      const unknown = [
        f410(NOBODY),
        f410(maskedIdAddress(5n)),
        '0x01' + '11'.repeat(20),
        '0x02' + '11'.repeat(20),
        '0x03' + '11'.repeat(48),
        '0x0420' + '11'.repeat(54),
      ]
      for (const raw of unknown) expect(await resolve(raw), raw).to.equal('0x')
    })

    it('fails for bytes that are no address', async () => {
      const { resolve } = await loadFixture(installed)
      const malformed = [
        '0x',
        '0x00',
        '0x0080',
        '0x008000',
        '0x000500',
        '0x00ffffffffffffffffff02',
        '0x00ffffffffffffffffffff01',
        '0x01' + '11'.repeat(19),
        '0x02' + '11'.repeat(21),
        '0x03' + '11'.repeat(47),
        '0x040a' + '11'.repeat(19),
        '0x040a' + '11'.repeat(21),
        '0x0420' + '11'.repeat(55),
        '0x0501',
      ]
      for (const raw of malformed) expect(await resolve(raw), raw).to.equal('failed')
    })
  })

  describe('LookupDelegatedAddress', () => {
    it('answers the f410 address of a registered account', async () => {
      const { lookup, book, account, other } = await loadFixture(installed)
      await book.assign(account, 2001n)
      expect(await lookup(word(2001n))).to.equal(f410(account))
      const id = await book.register.staticCall(other)
      await book.register(other)
      expect(await lookup(word(id))).to.equal(f410(other))
    })

    it('answers nothing for an actor without one, or none at all', async () => {
      const { lookup } = await loadFixture(installed)
      expect(await lookup(word(5n))).to.equal('0x')
      expect(await lookup(word(424_242n))).to.equal('0x')
    })

    it('fails for input that is not an id', async () => {
      const { lookup } = await loadFixture(installed)
      expect(await lookup('0x05')).to.equal('failed')
      expect(await lookup('0x' + 'ff'.repeat(32))).to.equal('failed')
    })
  })

  describe('AddressBook', () => {
    it('knows what exists, and whom it was told of', async () => {
      const { book, account } = await loadFixture(installed)
      expect(await book.idOf(NOBODY)).to.deep.equal([false, 0n])
      expect((await book.idOf(account))[0]).to.equal(true)
      await book.register(NOBODY)
      const [known, id] = await book.idOf(NOBODY)
      expect(known).to.equal(true)
      expect(await book.accountOf(id)).to.equal(ethers.getAddress(NOBODY))
    })

    it('keeps ids apart', async () => {
      const { book, account, other } = await loadFixture(installed)
      await book.assign(account, 2001n)
      await book.assign(account, 2001n)
      const refuses = (who: string, id: bigint) =>
        expect(book.assign(who, id)).to.be.revertedWithCustomError(book, 'IdTaken').withArgs(who, id)
      await refuses(account, 2002n)
      await refuses(other, 2001n)
      await refuses(other, 0n)
    })
  })
})
