import { expect } from 'chai'
import { installActors, scriptActor } from '../../helpers/actors.ts'
import { behavesLikeReader, CBOR, readWith } from '../../helpers/actor-reader.ts'
import { frc42 } from '../../helpers/frc42.ts'
import { connect } from '../../helpers/network.ts'
import vectors from '../../vectors/actors.json' with { type: 'json' }

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

const MINER = 1777n
const SECTOR = 300n
const OWNER = '0x00d10f'

const UINT = 0
const ARRAY = 4
const SIMPLE = 7

describe('MinerActor', () => {
  async function scripted() {
    await installActors()
    return { harness: await ethers.deployContract('MinerActorHarness'), actor: await scriptActor(MINER) }
  }
  const load = () => loadFixture(scripted)

  async function answered(getter: string, method: string, data: string, args: unknown[] = [MINER]) {
    const { harness, actor } = await load()
    await actor.script(frc42(method), 0, CBOR, data)
    return readWith(harness, getter, args)
  }

  it('hands on −6 when there is no such actor', async () => {
    const { harness } = await load()
    expect(await harness.getSectorSize(999_999n)).to.deep.equal([-6n, 0n])
  })

  describe('getOwner', () => {
    const vector = vectors.GetOwner.owner
    behavesLikeReader(load, {
      getter: 'getOwner',
      args: [MINER],
      method: 'GetOwner',
      params: '0x',
      actorId: MINER,
      answer: vector,
      zero: ['0x', '0x'],
      major: ARRAY,
    })

    it('returns the owner, and nobody proposed', async () => {
      expect(await answered('getOwner', 'GetOwner', vector)).to.deep.equal([0n, OWNER, '0x'])
    })

    it('returns who is proposed', async () => {
      expect(await answered('getOwner', 'GetOwner', '0x824300d10f420065')).to.deep.equal([0n, OWNER, '0x0065'])
    })
  })

  describe('isControllingAddress', () => {
    const { yes, no } = vectors.IsControllingAddress
    behavesLikeReader(load, {
      getter: 'isControllingAddress',
      args: [MINER, OWNER],
      method: 'IsControllingAddress',
      params: '0x4300d10f',
      actorId: MINER,
      answer: yes,
      zero: [false],
      major: SIMPLE,
    })

    it('returns the miner’s word', async () => {
      expect(await answered('isControllingAddress', 'IsControllingAddress', yes, [MINER, OWNER])).to.deep.equal([
        0n,
        true,
      ])
      expect(await answered('isControllingAddress', 'IsControllingAddress', no, [MINER, OWNER])).to.deep.equal([
        0n,
        false,
      ])
    })

    it('reverts with CborNotBool on null', async () => {
      const { harness, actor } = await load()
      await actor.script(frc42('IsControllingAddress'), 0, CBOR, '0xf6')
      await expect(harness.isControllingAddress(MINER, OWNER))
        .to.be.revertedWithCustomError(harness, 'CborNotBool')
        .withArgs(0n, 0xf6n)
    })
  })

  describe('getSectorSize', () => {
    const vector = vectors.GetSectorSize.size
    behavesLikeReader(load, {
      getter: 'getSectorSize',
      args: [MINER],
      method: 'GetSectorSize',
      params: '0x',
      actorId: MINER,
      answer: vector,
      zero: [0n],
      major: UINT,
    })

    it('returns bytes', async () => {
      expect(await answered('getSectorSize', 'GetSectorSize', vector)).to.deep.equal([0n, 1n << 35n])
    })
  })

  describe('getBeneficiary', () => {
    const vector = vectors.GetBeneficiary.owner
    behavesLikeReader(load, {
      getter: 'getBeneficiary',
      args: [MINER],
      method: 'GetBeneficiary',
      params: '0x',
      actorId: MINER,
      answer: vector,
      zero: [['0x', 0n, 0n, 0n, false]],
      major: ARRAY,
    })

    it('returns the owner without a quota', async () => {
      expect(await answered('getBeneficiary', 'GetBeneficiary', vector)).to.deep.equal([0n, [OWNER, 0n, 0n, 0n, false]])
    })

    it('returns quota, use and expiration, and that a change is pending', async () => {
      const pending = '85420065420005' + '19ffff' + 'f5f4'
      const data = `0x82824300d10f834200644200021a000f4240${pending}`
      expect(await answered('getBeneficiary', 'GetBeneficiary', data)).to.deep.equal([
        0n,
        [OWNER, 100n, 2n, 1_000_000n, true],
      ])
    })

    it('reverts when the pending change is not one', async () => {
      const { harness, actor } = await load()
      await actor.script(frc42('GetBeneficiary'), 0, CBOR, '0x82824300d10f83404000844200654200051903e8f5')
      await expect(harness.getBeneficiary(MINER))
        .to.be.revertedWithCustomError(harness, 'CborWrongLength')
        .withArgs(10n, 5n, 4n)
    })
  })

  describe('validateSectorStatus', () => {
    const { yes, no } = vectors.ValidateSectorStatus
    const args = [MINER, SECTOR, 1n, '0x820a02']
    behavesLikeReader(load, {
      getter: 'validateSectorStatus',
      args,
      method: 'ValidateSectorStatus',
      params: '0x8319012c0143820a02',
      actorId: MINER,
      answer: yes,
      zero: [false],
      major: SIMPLE,
    })

    it('returns the miner’s word', async () => {
      expect(await answered('validateSectorStatus', 'ValidateSectorStatus', yes, args)).to.deep.equal([0n, true])
      expect(await answered('validateSectorStatus', 'ValidateSectorStatus', no, args)).to.deep.equal([0n, false])
    })

    it('names the three statuses of FIP-0112', async () => {
      const { harness } = await load()
      expect(await harness.SECTOR_DEAD()).to.equal(0n)
      expect(await harness.SECTOR_ACTIVE()).to.equal(1n)
      expect(await harness.SECTOR_FAULTY()).to.equal(2n)
    })
  })

  describe('generateSectorLocation', () => {
    const vector = vectors.GenerateSectorLocation.missing
    behavesLikeReader(load, {
      getter: 'generateSectorLocation',
      args: [MINER, SECTOR],
      method: 'GenerateSectorLocation',
      params: '0x8119012c',
      actorId: MINER,
      answer: vector,
      zero: [0n, '0x'],
      major: ARRAY,
    })

    it('returns Dead and [−1, −1] for a sector that is nowhere', async () => {
      expect(await answered('generateSectorLocation', 'GenerateSectorLocation', vector, [MINER, SECTOR])).to.deep.equal(
        [0n, 0n, '0x822020'],
      )
    })
  })

  describe('getNominalSectorExpiration', () => {
    behavesLikeReader(load, {
      getter: 'getNominalSectorExpiration',
      args: [MINER, SECTOR],
      method: 'GetNominalSectorExpiration',
      params: '0x19012c',
      actorId: MINER,
      answer: '0x1a00173680',
      zero: [0n],
      major: UINT,
    })

    it('returns an epoch', async () => {
      expect(
        await answered('getNominalSectorExpiration', 'GetNominalSectorExpiration', '0x1a00173680', [MINER, SECTOR]),
      ).to.deep.equal([0n, 1_521_280n])
    })
  })
})
