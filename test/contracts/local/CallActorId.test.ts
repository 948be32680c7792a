import { expect } from 'chai'
import { AbiCoder } from 'ethers'
import { ACTOR_ADDRESSES, maskedIdAddress } from '../../../scripts/local/actors.ts'
import { CBOR, decodeActorReply, encodeActorCall, type ActorCall } from '../../helpers/actor-call.ts'
import { installActors, scriptActor } from '../../helpers/actors.ts'
import { connect } from '../../helpers/network.ts'

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers
const coder = AbiCoder.defaultAbiCoder()

const METHOD = 1157985802n
const SCRIPTED = 77n
const ETH_ACCOUNT = 2001n

type Given = Partial<ActorCall>

const encode = (given: Given) =>
  encodeActorCall({ method: METHOD, params: '0x01', codec: CBOR, id: SCRIPTED, ...given })

describe('CallActorId', () => {
  async function installed() {
    await installActors()
    const caller = await ethers.deployContract('ActorCaller')
    const actor = await scriptActor(SCRIPTED)
    const [, account] = await ethers.getSigners()
    const book = await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)
    await book.assign(account.address, ETH_ACCOUNT)

    const call = async (given: Given) => {
      const [success, output] = await caller.callActorId.staticCall(encode(given))
      return success ? decodeActorReply(output) : { success, output }
    }
    return { caller, actor, account: account, book, call }
  }

  const failed = { success: false, output: '0x' }
  const answer = (exitCode: bigint, codec = 0n, data = '0x') => ({ exitCode, codec, data })

  describe('the precompile itself', () => {
    it('fails without data when it is called otherwise than by DELEGATECALL', async () => {
      const { caller } = await loadFixture(installed)
      expect(await caller.callActorIdByCall.staticCall(encode({}))).to.deep.equal([false, '0x'])
      expect(await caller.callPrecompile(ACTOR_ADDRESSES.callActorId, encode({}))).to.deep.equal([false, '0x'])
    })

    it('fails for methods 1 to 1023, and not for 0 or 1024', async () => {
      const { call } = await loadFixture(installed)
      expect(await call({ method: 1n })).to.deep.equal(failed)
      expect(await call({ method: 1023n })).to.deep.equal(failed)
      expect(await call({ method: 0n })).to.deep.equal(answer(22n))
      expect(await call({ method: 1024n })).to.deep.equal(answer(22n))
    })

    it('fails for flags above read-only', async () => {
      const { call } = await loadFixture(installed)
      expect(await call({ flags: 2n })).to.deep.equal(failed)
    })

    it('fails for a codec that is not CBOR, unless it is none with no parameters', async () => {
      const { call } = await loadFixture(installed)
      for (const codec of [0x71n, 0x55n, 0n]) expect(await call({ codec })).to.deep.equal(failed)
      expect(await call({ codec: 0n, params: '0x' })).to.deep.equal(answer(22n))
    })

    it('fails for input that is not its ABI', async () => {
      const { caller } = await loadFixture(installed)
      expect((await caller.callActorId.staticCall('0x1234'))[0]).to.equal(false)
    })
  })

  describe('syscall errors', () => {
    it('answers -6 for an actor that does not exist', async () => {
      const { call } = await loadFixture(installed)
      expect(await call({ id: 999_999n })).to.deep.equal(answer(-6n))
    })

    it('answers -13 for value in a read-only call', async () => {
      const { call } = await loadFixture(installed)
      expect(await call({ value: 1n })).to.deep.equal(answer(-13n))
    })

    it('answers -5 for more value than the caller has', async () => {
      const { call } = await loadFixture(installed)
      expect(await call({ value: 1n, flags: 0n })).to.deep.equal(answer(-5n))
    })
  })

  describe('an actor', () => {
    it('answers with its exit code, codec and data', async () => {
      const { actor, call } = await loadFixture(installed)
      await actor.script(METHOD, 0, CBOR, '0x820102')
      expect(await call({})).to.deep.equal(answer(0n, CBOR, '0x820102'))
      await actor.scriptFor(METHOD, '0x01', 32, 0, '0x')
      expect(await call({})).to.deep.equal(answer(32n))
      expect(await call({ params: '0x02' })).to.deep.equal(answer(0n, CBOR, '0x820102'))
      await actor.unscript(METHOD)
      expect(await call({ params: '0x02' })).to.deep.equal(answer(22n))
    })

    it('is sent the value by the caller', async () => {
      const { actor, account, caller } = await loadFixture(installed)
      await actor.script(METHOD, 0, 0, '0x')
      await account.sendTransaction({ to: caller, value: 5n })
      await expect(caller.callActorId(encode({ value: 3n, flags: 0n }))).to.changeEtherBalances(
        ethers,
        [caller, actor],
        [-3n, 3n],
      )
    })

    it('that reverts is exit 33 with the reason as a CBOR byte string', async () => {
      const { actor, call } = await loadFixture(installed)
      await actor.failWith('0xdeadbeef')
      expect(await call({})).to.deep.equal(answer(33n, CBOR, '0x44deadbeef'))
      await actor.failWith('0x')
      expect(await call({})).to.deep.equal(answer(33n, CBOR, '0x40'))
    })

    it('that says nothing at all is OK and empty', async () => {
      const { actor, call } = await loadFixture(installed)
      await actor.replyRaw('0x')
      expect(await call({})).to.deep.equal(answer(0n))
      await actor.replyScripted()
      expect(await call({})).to.deep.equal(answer(22n))
    })

    it('whose answer has another shape is exit 21', async () => {
      const { actor, call } = await loadFixture(installed)
      const word = (n: bigint) => coder.encode(['uint256'], [n]).slice(2)
      const wrong = {
        short: '0x' + word(0n),
        'exit code too large': '0x' + word(1n << 32n) + word(0n) + word(96n) + word(0n),
        'offset outside': '0x' + word(0n) + word(0n) + word(128n) + word(0n),
        'length outside': '0x' + word(0n) + word(0x51n) + word(96n) + word(1n),
        'codec unknown': '0x' + word(0n) + word(0x55n) + word(96n) + word(0n),
        'data without a codec': '0x' + word(0n) + word(0n) + word(96n) + word(1n) + word(0n),
      }
      for (const [name, raw] of Object.entries(wrong)) {
        await actor.replyRaw(raw)
        expect(await call({}), name).to.deep.equal(answer(21n))
      }
    })
  })

  describe('an Ethereum account', () => {
    it('takes any exported method and says nothing', async () => {
      const { call } = await loadFixture(installed)
      expect(await call({ id: ETH_ACCOUNT })).to.deep.equal(answer(0n))
      expect(await call({ id: ETH_ACCOUNT, method: 0n })).to.deep.equal(answer(0n))
      expect(await call({ id: ETH_ACCOUNT, method: (1n << 24n) - 1n })).to.deep.equal(answer(18n))
    })

    it('receives value', async () => {
      const { account, caller } = await loadFixture(installed)
      const [sender] = await ethers.getSigners()
      await sender.sendTransaction({ to: caller, value: 5n })
      await expect(
        caller.callActorId(encode({ id: ETH_ACCOUNT, method: 0n, value: 5n, flags: 0n })),
      ).to.changeEtherBalances(ethers, [caller, account], [-5n, 5n])
    })
  })

  describe('a contract known by its id', () => {
    it('is sent the message by its own address', async () => {
      const { book, call } = await loadFixture(installed)
      const contract = await ethers.deployContract('ScriptedActor')
      await book.assign(contract, 3000n)
      await contract.script(METHOD, 0, CBOR, '0xf5')
      expect(await call({ id: 3000n })).to.deep.equal(answer(0n, CBOR, '0xf5'))
    })

    it('without the entry point is exit 33', async () => {
      const { book, call, caller } = await loadFixture(installed)
      await book.assign(caller, 3001n)
      expect(await call({ id: 3001n })).to.deep.equal(answer(33n, CBOR, '0x40'))
    })
  })

  it('names masked addresses as Filecoin does', () => {
    expect(maskedIdAddress(5)).to.equal('0xff00000000000000000000000000000000000005')
    expect(maskedIdAddress(0xffffffffffffffffn).toLowerCase()).to.equal('0xff0000000000000000000000ffffffffffffffff')
  })
})
