import { expect } from 'chai'
import { artifacts } from 'hardhat'
import { ACTOR_ADDRESSES, createMiners, installActors as install } from '../../../scripts/local/actors.ts'
import { deployActorCaller, exit, ok } from '../../helpers/actor-call.ts'
import { installActors, localMiner, rpc, storageProvider } from '../../helpers/actors.ts'
import { frc42 } from '../../helpers/frc42.ts'
import { connect } from '../../helpers/network.ts'
import vectors from '../../vectors/actors.json' with { type: 'json' }

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

const POWER = 4n
const F01000 = '0x1903e8'
const F0999 = '0x1903e7'

describe('LocalPower', () => {
  async function installed() {
    await installActors()
    const { call } = await deployActorCaller()
    return { ask: (method: string, params = '0x') => call({ id: POWER, method: frc42(method), params }) }
  }

  it('answers for a miner without power as the power actor does, byte for byte', async () => {
    const { ask } = await loadFixture(installed)
    expect(await ask('MinerPower', F01000)).to.deep.equal(ok(vectors.MinerPower.none))
    expect(await ask('MinerRawPower', F01000)).to.deep.equal(ok(vectors.MinerRawPower.none))
    expect(await ask('NetworkRawPower')).to.deep.equal(ok(vectors.NetworkRawPower.none))
  })

  it('exits 17 (MinerPower) and 16 (MinerRawPower) for an actor that is no miner', async () => {
    const { ask } = await loadFixture(installed)
    expect(await ask('MinerPower', F0999)).to.deep.equal(exit(17n))
    expect(await ask('MinerRawPower', F0999)).to.deep.equal(exit(16n))
  })

  it('counts the bytes of active sectors', async () => {
    const { ask } = await loadFixture(installed)
    await (await localMiner(1000n)).commitSector(1n, 1n)
    await (await localMiner(1001n)).commitSector(1n, 1n)
    const bytes = '46000800000000'
    expect(await ask('MinerPower', F01000)).to.deep.equal(ok('0x82' + bytes + bytes))
    expect(await ask('MinerRawPower', F01000)).to.deep.equal(ok('0x82' + bytes + 'f5'))
    expect(await ask('NetworkRawPower')).to.deep.equal(ok('0x46001000000000'))
  })

  it('counts one miner as the power actor does, byte for byte', async () => {
    const { ask } = await loadFixture(async () => {
      const { address } = await storageProvider()
      await install(await rpc(), artifacts)
      await createMiners(await rpc(), artifacts, [{ id: 1000n, owner: address, worker: address }])
      const { call } = await deployActorCaller()
      return { ask: (method: string) => call({ id: POWER, method: frc42(method) }) }
    })
    expect(await ask('MinerCount')).to.deep.equal(ok(vectors.MinerCount.one))
  })

  it('counts miners once', async () => {
    const { ask } = await loadFixture(installed)
    const { address } = await storageProvider()
    expect(await ask('MinerCount')).to.deep.equal(ok('0x03'))
    await createMiners(await rpc(), artifacts, [
      { id: 1000n, owner: address, worker: address },
      { id: 1003n, owner: address, worker: address },
    ])
    expect(await ask('MinerCount')).to.deep.equal(ok('0x04'))
    expect(await ask('MinerConsensusCount')).to.deep.equal(ok('0x00'))
    const power = await ethers.getContractAt('LocalPower', ACTOR_ADDRESSES.power)
    expect(await power.isMiner(1003n)).to.equal(true)
    expect(await power.isMiner(1004n)).to.equal(false)
  })

  it('exits 16 with parameters too many or missing, 21 for others, 22 for an unknown method', async () => {
    const { ask } = await loadFixture(installed)
    expect(await ask('MinerPower')).to.deep.equal(exit(16n))
    expect(await ask('MinerCount', '0x80')).to.deep.equal(exit(16n))
    expect(await ask('MinerPower', '0x4300e807')).to.deep.equal(exit(21n))
    expect(await ask('MinerPower', F01000 + '00')).to.deep.equal(exit(21n))
    expect(await ask('NoSuchMethod')).to.deep.equal(exit(22n))
  })
})
