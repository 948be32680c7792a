import { expect } from 'chai'
import { ACTOR_ADDRESSES } from '../../../scripts/local/actors.ts'
import { CBOR, deployActorCaller, exit, ok } from '../../helpers/actor-call.ts'
import { installActors, localMarket, publishDeal, scriptActor } from '../../helpers/actors.ts'
import { frc42 } from '../../helpers/frc42.ts'
import { connect } from '../../helpers/network.ts'

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

const MARKET = 5n

describe('ScriptedActor', () => {
  async function overTheMarket() {
    await installActors()
    await publishDeal()
    const actor = await scriptActor(MARKET)
    const { call } = await deployActorCaller()
    const ask = (method: string) => call({ id: MARKET, method: frc42(method), params: '0x01' })
    return { actor, ask }
  }

  it('exits 22 for what is not scripted', async () => {
    const { ask } = await loadFixture(overTheMarket)
    expect(await ask('GetDealProvider')).to.deep.equal(exit(22n))
  })

  it('hands the rest to the actor under it, whose state and controls are still there', async () => {
    const { actor, ask } = await loadFixture(overTheMarket)
    await actor.passRestTo(await ethers.deployContract('LocalMarket'))
    await actor.script(frc42('GetDealSector'), 0, CBOR, '0x18ff')
    expect(await ask('GetDealSector')).to.deep.equal(ok('0x18ff'))
    expect(await ask('GetDealProvider')).to.deep.equal(ok('0x1903e8'))
    expect(await ask('GetDealActivation')).to.deep.equal(ok('0x822020'))

    const market = await localMarket()
    await expect(market.activate(1n, 4n)).to.emit(market, 'DealActivated')
    await actor.unscript(frc42('GetDealSector'))
    expect(await ask('GetDealSector')).to.deep.equal(ok('0x04'))
    expect(await actor.getAddress()).to.equal(ACTOR_ADDRESSES.market)
  })
})
