import { expect } from 'chai'
import { installActors, scriptActor } from '../../helpers/actors.ts'
import { behavesLikeReader, CBOR, readWith } from '../../helpers/actor-reader.ts'
import { frc42 } from '../../helpers/frc42.ts'
import { connect } from '../../helpers/network.ts'
import vectors from '../../vectors/actors.json' with { type: 'json' }

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

const POWER = 4n
const MINER = 1777n
const MINER_PARAMS = '0x1906f1'

const UINT = 0
const BYTES = 2
const ARRAY = 4

describe('PowerActor', () => {
  async function scripted() {
    await installActors()
    return { harness: await ethers.deployContract('PowerActorHarness'), actor: await scriptActor(POWER) }
  }
  const load = () => loadFixture(scripted)

  async function answered(getter: string, method: string, data: string, args: unknown[] = [MINER]) {
    const { harness, actor } = await load()
    await actor.script(frc42(method), 0, CBOR, data)
    return readWith(harness, getter, args)
  }

  it('is actor 4', async () => {
    const { harness } = await load()
    expect(await harness.ID()).to.equal(4n)
  })

  describe('isMiner', () => {
    it('is true when the power actor knows the miner’s power, be it zero', async () => {
      const { harness, actor } = await load()
      await actor.scriptFor(frc42('MinerPower'), MINER_PARAMS, 0, CBOR, vectors.MinerPower.none)
      expect(await harness.isMiner(MINER)).to.equal(true)
    })

    it('is false when the power actor does not (exit 17), and on any other exit code', async () => {
      const { harness, actor } = await load()
      for (const exitCode of [17n, 7n, 16n, 22n]) {
        await actor.script(frc42('MinerPower'), exitCode, 0, '0x')
        expect(await harness.isMiner(MINER)).to.equal(false)
      }
    })

    it('is false when the exit code comes with data', async () => {
      const { harness, actor } = await load()
      await actor.script(frc42('MinerPower'), 33, CBOR, '0x40')
      expect(await harness.isMiner(MINER)).to.equal(false)
    })

    it('is false on success with nothing', async () => {
      const { harness, actor } = await load()
      await actor.script(frc42('MinerPower'), 0, 0, '0x')
      expect(await harness.isMiner(MINER)).to.equal(false)
    })
  })

  describe('minerPower', () => {
    const vector = vectors.MinerPower.none
    behavesLikeReader(load, {
      getter: 'minerPower',
      args: [MINER],
      method: 'MinerPower',
      params: MINER_PARAMS,
      actorId: POWER,
      answer: vector,
      zero: [0n, 0n],
      major: ARRAY,
    })

    it('returns raw and quality-adjusted power in bytes', async () => {
      expect(await answered('minerPower', 'MinerPower', vector)).to.deep.equal([0n, 0n, 0n])
      expect(await answered('minerPower', 'MinerPower', '0x8246000800000000' + '46005000000000')).to.deep.equal([
        0n,
        1n << 35n,
        10n << 35n,
      ])
    })
  })

  describe('minerRawPower', () => {
    const vector = vectors.MinerRawPower.none
    behavesLikeReader(load, {
      getter: 'minerRawPower',
      args: [MINER],
      method: 'MinerRawPower',
      params: MINER_PARAMS,
      actorId: POWER,
      answer: vector,
      zero: [0n, false],
      major: ARRAY,
    })

    it('returns raw power and whether it is enough for consensus', async () => {
      expect(await answered('minerRawPower', 'MinerRawPower', vector)).to.deep.equal([0n, 0n, false])
      expect(await answered('minerRawPower', 'MinerRawPower', '0x82460008000000' + '00f5')).to.deep.equal([
        0n,
        1n << 35n,
        true,
      ])
    })
  })

  describe('minerCount', () => {
    const vector = vectors.MinerCount.one
    behavesLikeReader(load, {
      getter: 'minerCount',
      args: [],
      method: 'MinerCount',
      params: '0x',
      actorId: POWER,
      answer: vector,
      zero: [0n],
      major: UINT,
    })

    it('returns a count', async () => {
      expect(await answered('minerCount', 'MinerCount', vector, [])).to.deep.equal([0n, 1n])
    })
  })

  describe('networkRawPower', () => {
    const vector = vectors.NetworkRawPower.none
    behavesLikeReader(load, {
      getter: 'networkRawPower',
      args: [],
      method: 'NetworkRawPower',
      params: '0x',
      actorId: POWER,
      answer: vector,
      zero: [0n],
      major: BYTES,
    })

    it('returns bytes', async () => {
      expect(await answered('networkRawPower', 'NetworkRawPower', vector, [])).to.deep.equal([0n, 0n])
    })
  })
})
