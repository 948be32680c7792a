import { expect } from 'chai'
import { getAddress, toBeHex, ZeroAddress, zeroPadValue } from 'ethers'
import { ACTOR_ADDRESSES, maskedIdAddress } from '../../../scripts/local/actors.ts'
import { installActors } from '../../helpers/actors.ts'
import { CODE_THAT_FAILS, codeThatReturns } from '../../helpers/evm-code.ts'
import { connect } from '../../helpers/network.ts'

const { ethers, networkHelpers } = await connect()
const { loadFixture, setCode } = networkHelpers

const RESOLVE = '0xFE00000000000000000000000000000000000001'
const LOOKUP = '0xfE00000000000000000000000000000000000002'
const ACTOR = 2003n
const ACCOUNT = getAddress('0x' + '5a'.repeat(19) + '07')
const F410 = `0x040a${ACCOUNT.slice(2).toLowerCase()}`
const MAX_ID = (1n << 64n) - 1n

describe('FilAddress', () => {
  async function deployed() {
    return { harness: await ethers.deployContract('FilAddressHarness') }
  }

  /** The lookup precompile answers for {ACTOR}, and with nothing for any other id. */
  async function lookupAnswers(data: string) {
    const { harness } = await loadFixture(deployed)
    await setCode(LOOKUP, codeThatReturns(data, zeroPadValue(toBeHex(ACTOR), 32)))
    return harness
  }

  describe('fromActorId', () => {
    for (const [id, encoded] of [
      [0n, '0x0000'],
      [100n, '0x0064'],
      [127n, '0x007f'],
      [128n, '0x008001'],
      [2001n, '0x00d10f'],
      [16_384n, '0x00808001'],
      [MAX_ID, '0x00ffffffffffffffffff01'],
    ] as const) {
      it(`writes ${id} as ${encoded}`, async () => {
        const { harness } = await loadFixture(deployed)
        expect(await harness.fromActorId(id)).to.equal(encoded)
      })
    }
  })

  describe('fromEth', () => {
    it('is protocol 4, namespace 10, and the 20 bytes', async () => {
      const { harness } = await loadFixture(deployed)
      expect(await harness.fromEth(ACCOUNT)).to.equal(F410)
    })
  })

  describe('fromAccount', () => {
    it('is f0 for a masked id', async () => {
      const { harness } = await loadFixture(deployed)
      expect(await harness.fromAccount(maskedIdAddress(2001n))).to.equal('0x00d10f')
      expect(await harness.fromAccount(maskedIdAddress(MAX_ID))).to.equal('0x00ffffffffffffffffff01')
    })

    it('is f410 for any other address, however near to a masked id', async () => {
      const { harness } = await loadFixture(deployed)
      const nearly = `0xff${'00'.repeat(10)}01${'00'.repeat(6)}07d3`
      expect(await harness.fromAccount(ACCOUNT)).to.equal(F410)
      expect(await harness.fromAccount(getAddress(nearly))).to.equal(`0x040a${nearly.slice(2)}`)
      expect(await harness.fromAccount(ZeroAddress)).to.equal(`0x040a${'00'.repeat(20)}`)
    })
  })

  describe('actorIdOf', () => {
    for (const id of [0n, 100n, 127n, 128n, 2001n, 16_384n, (1n << 63n) - 1n, MAX_ID]) {
      it(`reads ${id} back`, async () => {
        const { harness } = await loadFixture(deployed)
        expect(await harness.actorIdOf(await harness.fromActorId(id))).to.equal(id)
      })
    }

    for (const [what, bytes] of [
      ['nothing', '0x'],
      ['a protocol alone', '0x00'],
      ['an f1 address', `0x01${'11'.repeat(20)}`],
      ['an f410 address', F410],
      ['an id with a group too many', '0x00e400'],
      ['zero in two groups', '0x008000'],
      ['an id that is cut off', '0x00d1'],
      ['bytes behind the id', '0x006400'],
      ['an id of 65 bits', '0x00ffffffffffffffffff03'],
      ['eleven groups', '0x0080808080808080808080ff'],
    ] as const) {
      it(`reverts with NotAnIdAddress for ${what}`, async () => {
        const { harness } = await loadFixture(deployed)
        await expect(harness.actorIdOf(bytes)).to.be.revertedWithCustomError(harness, 'NotAnIdAddress').withArgs(bytes)
      })
    }
  })

  describe('resolve', () => {
    async function installed() {
      const { harness } = await deployed()
      await installActors()
      const book = await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)
      await book.assign(ACCOUNT, ACTOR)
      return { harness }
    }

    it('answers with the id of an f410 actor', async () => {
      const { harness } = await loadFixture(installed)
      expect(await harness.resolve(F410)).to.deep.equal([true, ACTOR])
    })

    it('answers with the id in an f0 address', async () => {
      const { harness } = await loadFixture(installed)
      expect(await harness.resolve('0x00d10f')).to.deep.equal([true, 2001n])
      expect(await harness.resolve('0x00ffffffffffffffffff01')).to.deep.equal([true, MAX_ID])
    })

    it('knows no actor of an address that nobody has used', async () => {
      const { harness } = await loadFixture(installed)
      expect(await harness.resolve(`0x040a${'77'.repeat(20)}`)).to.deep.equal([false, 0n])
    })

    for (const malformed of ['0x', '0x00', '0x0100', '0x040a00', '0x008000']) {
      it(`reverts with ResolveFailed for ${malformed}, which is no address`, async () => {
        const { harness } = await loadFixture(installed)
        await expect(harness.resolve(malformed))
          .to.be.revertedWithCustomError(harness, 'ResolveFailed')
          .withArgs(malformed)
      })
    }

    for (const answer of [`0x${'00'.repeat(31)}`, `0x${'00'.repeat(33)}`, toBeHex(MAX_ID + 1n, 32)]) {
      it(`reverts with ResolveFailed for an answer that is no id: ${answer}`, async () => {
        const { harness } = await loadFixture(deployed)
        await setCode(RESOLVE, codeThatReturns(answer))
        await expect(harness.resolve(F410)).to.be.revertedWithCustomError(harness, 'ResolveFailed').withArgs(F410)
      })
    }
  })

  describe('mask', () => {
    it('is ff, eleven zero bytes and the id', async () => {
      const { harness } = await loadFixture(deployed)
      for (const id of [0n, 5n, ACTOR, MAX_ID]) expect(await harness.mask(id)).to.equal(maskedIdAddress(id))
    })
  })

  describe('normalise', () => {
    it('turns the masked id of an f410 actor into its 20 bytes', async () => {
      const harness = await lookupAnswers(F410)
      expect(await harness.normalise(maskedIdAddress(ACTOR))).to.equal(ACCOUNT)
    })

    it('does so through the local stand-in of the precompile', async () => {
      const { harness } = await loadFixture(deployed)
      await installActors()
      const book = await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)
      await book.assign(ACCOUNT, ACTOR)
      expect(await harness.normalise(maskedIdAddress(ACTOR))).to.equal(ACCOUNT)
      expect(await harness.normalise(maskedIdAddress(ACTOR + 1n))).to.equal(maskedIdAddress(ACTOR + 1n))
    })

    it('leaves the masked id of an actor without a delegated address', async () => {
      const harness = await lookupAnswers(F410)
      expect(await harness.normalise(maskedIdAddress(ACTOR + 1n))).to.equal(maskedIdAddress(ACTOR + 1n))
    })

    it('leaves the masked id of an actor delegated to another namespace, or with an address of another length', async () => {
      for (const other of [F410.replace('040a', '0420'), F410.slice(0, -2), `${F410}00`, '0x040a']) {
        const harness = await lookupAnswers(other)
        expect(await harness.normalise(maskedIdAddress(ACTOR))).to.equal(maskedIdAddress(ACTOR))
      }
    })

    it('leaves any other address without asking', async () => {
      const { harness } = await loadFixture(deployed)
      await setCode(LOOKUP, CODE_THAT_FAILS)
      const nearly = getAddress(`0xff${'00'.repeat(10)}01${'00'.repeat(6)}07d3`)
      const shifted = getAddress(`0xfe${'00'.repeat(11)}${'00'.repeat(6)}07d3`)
      for (const account of [ACCOUNT, ZeroAddress, nearly, shifted]) {
        expect(await harness.normalise(account)).to.equal(account)
      }
    })

    it('reverts with LookupFailed when the precompile fails', async () => {
      const { harness } = await loadFixture(deployed)
      await setCode(LOOKUP, CODE_THAT_FAILS)
      await expect(harness.normalise(maskedIdAddress(ACTOR)))
        .to.be.revertedWithCustomError(harness, 'LookupFailed')
        .withArgs(ACTOR)
    })
  })
})
