import { expect } from 'chai'
import { artifacts } from 'hardhat'
import { ACTOR_ADDRESSES, maskedIdAddress, setActorCode } from '../../../scripts/local/actors.ts'
import { deployActorCaller, exit, ok } from '../../helpers/actor-call.ts'
import { installActors, rpc } from '../../helpers/actors.ts'
import { frc42 } from '../../helpers/frc42.ts'
import { connect } from '../../helpers/network.ts'
import vectors from '../../vectors/actors.json' with { type: 'json' }

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

const ACCOUNT = 3333n
const ETH_ACCOUNT = 2001n
const SIGNED = '0x8240' + '4101'

describe('LocalAccount', () => {
  async function installed() {
    await installActors()
    await setActorCode(await rpc(), artifacts, maskedIdAddress(ACCOUNT), 'LocalAccount')
    const book = await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)
    await book.assign((await ethers.getSigners())[5].address, ETH_ACCOUNT)
    const { call, send } = await deployActorCaller()
    const ask = (id: bigint, method: string, params = '0x') => call({ id, method: frc42(method), params })
    return { ask, call, send }
  }

  it('takes any signature for good, as an Ethereum account says nothing to it, byte for byte', async () => {
    const { ask } = await loadFixture(installed)
    expect(await ask(ACCOUNT, 'AuthenticateMessage', SIGNED)).to.deep.equal(ok(vectors.AuthenticateMessage.account))
    expect(await ask(ETH_ACCOUNT, 'AuthenticateMessage', SIGNED)).to.deep.equal(
      ok(vectors.AuthenticateMessage.ethaccount),
    )
  })

  it('takes every exported method and says nothing; other methods exit 18', async () => {
    const { ask, call } = await loadFixture(installed)
    expect(await ask(ACCOUNT, 'MarketNotifyDeal', '0x80')).to.deep.equal(ok('0x'))
    expect(await ask(ACCOUNT, 'GetDealProvider', '0x01')).to.deep.equal(ok('0x'))
    expect(await call({ id: ACCOUNT, method: 1024n })).to.deep.equal(exit(18n))
  })

  it('exits 16 or 21 when it is asked without its two parameters', async () => {
    const { ask } = await loadFixture(installed)
    expect(await ask(ACCOUNT, 'AuthenticateMessage')).to.deep.equal(exit(16n))
    expect(await ask(ACCOUNT, 'AuthenticateMessage', '0x8140')).to.deep.equal(exit(21n))
    expect(await ask(ACCOUNT, 'AuthenticateMessage', SIGNED + '00')).to.deep.equal(exit(21n))
  })

  it('receives FIL', async () => {
    const { send } = await loadFixture(installed)
    expect(await send({ id: ACCOUNT, method: 0n, value: 3n }, 3n)).to.deep.equal(ok('0x'))
    expect(await ethers.provider.getBalance(maskedIdAddress(ACCOUNT))).to.equal(3n)
  })
})

describe('LocalVerifiedRegistry', () => {
  async function installed() {
    await installActors()
    const { call } = await deployActorCaller()
    return { ask: (method: string, params = '0x') => call({ id: 6n, method: frc42(method), params }) }
  }

  it('has no claim, and says so as the registry does, byte for byte', async () => {
    const { ask } = await loadFixture(installed)
    expect(await ask('GetClaims', '0x821903e8820102')).to.deep.equal(ok(vectors.GetClaims.missing))
    expect(await ask('GetClaims', '0x821903e880')).to.deep.equal(ok('0x8282008080'))
  })

  it('exits 16 without parameters, 21 for others, 22 for another method', async () => {
    const { ask } = await loadFixture(installed)
    expect(await ask('GetClaims')).to.deep.equal(exit(16n))
    expect(await ask('GetClaims', '0x821903e8')).to.deep.equal(exit(21n))
    expect(await ask('GetClaims', '0x821903e89bffffffffffffffff')).to.deep.equal(exit(21n))
    expect(await ask('NoSuchMethod', '0x80')).to.deep.equal(exit(22n))
  })
})
