import { expect } from 'chai'
import { artifacts } from 'hardhat'
import { ACTOR_ADDRESSES, createMiners, maskedIdAddress } from '../../../scripts/local/actors.ts'
import { CBOR, deployActorCaller, exit, ok } from '../../helpers/actor-call.ts'
import { activateDeal, installActors, localMiner, publishDeal, rpc, storageProvider } from '../../helpers/actors.ts'
import { frc42 } from '../../helpers/frc42.ts'
import { connect } from '../../helpers/network.ts'
import vectors from '../../vectors/actors.json' with { type: 'json' }

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

const MINER = 1000n
const DIGEST = '0x' + 'ab'.repeat(32)
const NOWHERE = '43822020'

describe('LocalMiner', () => {
  async function installed() {
    await installActors()
    const { call } = await deployActorCaller()
    const ask = (method: string, params = '0x', id = MINER) => call({ id, method: frc42(method), params })
    return { miner: await localMiner(MINER), sp: await storageProvider(), ask }
  }

  async function withSector() {
    const world = await installed()
    await world.miner.commitSector(7n, 1_521_280n)
    return world
  }

  const f410 = (address: string) => '0x56040a' + address.slice(2).toLowerCase()

  describe('its people', () => {
    async function owned() {
      const world = await installed()
      const [owner, worker, , control, stranger] = await ethers.getSigners()
      const book = await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)
      await book.assign(owner.address, 2001n)
      await createMiners(await rpc(), artifacts, [
        { id: MINER, owner: owner.address, worker: worker.address, control: [control.address] },
      ])
      return { ...world, owner: owner, worker: worker, control: control, stranger: stranger }
    }

    it('answer GetOwner, GetBeneficiary and GetSectorSize as the miner does, byte for byte', async () => {
      const { ask } = await loadFixture(owned)
      expect(await ask('GetOwner')).to.deep.equal(ok(vectors.GetOwner.owner))
      expect(await ask('GetBeneficiary')).to.deep.equal(ok(vectors.GetBeneficiary.owner))
      expect(await ask('GetSectorSize')).to.deep.equal(ok(vectors.GetSectorSize.size))
    })

    it('are owner, worker and control addresses, by f410 or by id, and nobody else', async () => {
      const { ask, owner, worker, control, stranger, sp } = await loadFixture(owned)
      for (const { address } of [owner, worker, control]) {
        expect(await ask('IsControllingAddress', f410(address))).to.deep.equal(ok(vectors.IsControllingAddress.yes))
      }
      expect(await ask('IsControllingAddress', '0x4300d10f')).to.deep.equal(ok(vectors.IsControllingAddress.yes))
      const no = ok(vectors.IsControllingAddress.no)
      expect(await ask('IsControllingAddress', '0x4300d20f')).to.deep.equal(no)
      expect(await ask('IsControllingAddress', f410(stranger.address))).to.deep.equal(no)
      expect(await ask('IsControllingAddress', f410('0x00000000000000000000000000000000deadbeef'))).to.deep.equal(no)
      // Replaced when the miner was set up anew.
      expect(await ask('IsControllingAddress', f410(sp.address))).to.deep.equal(no)
    })
  })

  describe('called wrongly', () => {
    it('exits 16 with parameters too many or missing', async () => {
      const { ask } = await loadFixture(installed)
      for (const method of ['GetOwner', 'GetSectorSize', 'GetBeneficiary']) {
        expect(await ask(method, '0x80'), method).to.deep.equal(exit(16n))
      }
      for (const method of ['IsControllingAddress', 'ValidateSectorStatus', 'GenerateSectorLocation']) {
        expect(await ask(method), method).to.deep.equal(exit(16n))
      }
    })

    it('exits 21 for an address that is none, 22 for a method that it does not have', async () => {
      const { ask } = await loadFixture(installed)
      for (const params of ['0x40', '0x4109', '0x430080', '0x4300d1', '0x82', '0x56040a', '0x4300d10fff']) {
        expect(await ask('IsControllingAddress', params), params).to.deep.equal(exit(21n))
      }
      expect(await ask('NoSuchMethod', '0x01')).to.deep.equal(exit(22n))
    })
  })

  describe('sector status (FIP-0112)', () => {
    const validate = (status: number, location: string, sector = '07') => '0x83' + sector + `0${status}` + location
    const AT = '43820700'

    it('says where an active sector is, and confirms it there', async () => {
      const { ask } = await loadFixture(withSector)
      expect(await ask('GenerateSectorLocation', '0x8107')).to.deep.equal(ok('0x8201' + AT))
      expect(await ask('ValidateSectorStatus', validate(1, AT))).to.deep.equal(ok('0xf5'))
      expect(await ask('ValidateSectorStatus', validate(0, AT))).to.deep.equal(ok('0xf4'))
      expect(await ask('ValidateSectorStatus', validate(2, AT))).to.deep.equal(ok('0xf4'))
    })

    it('follows a fault, a recovery and a termination', async () => {
      const { miner, ask } = await loadFixture(withSector)
      await expect(miner.faultSector(7n)).to.emit(miner, 'SectorStatusChanged').withArgs(7n, 2n)
      expect(await ask('ValidateSectorStatus', validate(2, AT))).to.deep.equal(ok('0xf5'))
      expect(await ask('ValidateSectorStatus', validate(1, AT))).to.deep.equal(ok('0xf4'))
      await expect(miner.recoverSector(7n)).to.emit(miner, 'SectorStatusChanged').withArgs(7n, 1n)
      expect(await ask('ValidateSectorStatus', validate(1, AT))).to.deep.equal(ok('0xf5'))
      await expect(miner.terminateSector(7n)).to.emit(miner, 'SectorStatusChanged').withArgs(7n, 0n)
      expect(await ask('GenerateSectorLocation', '0x8107')).to.deep.equal(ok('0x8200' + AT))
      expect(await ask('ValidateSectorStatus', validate(0, AT))).to.deep.equal(ok('0xf5'))
    })

    it('knows a compacted sector as little as one that never was', async () => {
      const { miner, ask } = await loadFixture(withSector)
      await miner.terminateSector(7n)
      await miner.compactSector(7n)
      for (const sector of ['07', '08']) {
        expect(await ask('GenerateSectorLocation', '0x81' + sector)).to.deep.equal(
          ok(vectors.GenerateSectorLocation.missing),
        )
        expect(await ask('ValidateSectorStatus', validate(0, NOWHERE, sector))).to.deep.equal(ok('0xf5'))
        expect(await ask('ValidateSectorStatus', validate(1, NOWHERE, sector))).to.deep.equal(ok('0xf4'))
      }
    })

    it('uses the number of a compacted sector for no other', async () => {
      const { miner } = await loadFixture(withSector)
      await miner.terminateSector(7n)
      await miner.compactSector(7n)
      await expect(miner.commitSector(7n, 9_999_999n))
        .to.be.revertedWithCustomError(miner, 'SectorNumberUsed')
        .withArgs(7n)
    })

    it('exits 17 for a place where the sector is not', async () => {
      const { ask } = await loadFixture(withSector)
      for (const location of ['43820800', '43820701', NOWHERE]) {
        expect(await ask('ValidateSectorStatus', validate(1, location)), location).to.deep.equal(exit(17n))
      }
      expect(await ask('ValidateSectorStatus', validate(0, AT, '08'))).to.deep.equal(exit(17n))
    })

    it('exits 16 for a place half given, beyond the 48 deadlines, or unreadable', async () => {
      const { ask } = await loadFixture(withSector)
      for (const location of ['43822000', '43820720', '4482183000', '43822100', '40', '43830700', '4482070000']) {
        expect(await ask('ValidateSectorStatus', validate(1, location)), location).to.deep.equal(exit(16n))
      }
    })

    it('exits 21 for an unknown status or another shape', async () => {
      const { ask } = await loadFixture(withSector)
      for (const params of [validate(3, AT), '0x820701', validate(1, AT) + '00', '0x8307010700']) {
        expect(await ask('ValidateSectorStatus', params), params).to.deep.equal(exit(21n))
      }
      expect(await ask('GenerateSectorLocation', '0x07')).to.deep.equal(exit(21n))
    })

    it('tells the nominal expiration, also after an early end; 17 for no sector', async () => {
      const { miner, ask } = await loadFixture(withSector)
      expect(await ask('GetNominalSectorExpiration', '0x07')).to.deep.equal(ok('0x1a00173680'))
      await miner.terminateSector(7n)
      expect(await ask('GetNominalSectorExpiration', '0x07')).to.deep.equal(ok('0x1a00173680'))
      expect(await ask('GetNominalSectorExpiration', '0x08')).to.deep.equal(exit(17n))
    })

    it('tells a later expiration once the sector is committed for longer, and never an earlier one', async () => {
      const { miner, ask } = await loadFixture(withSector)
      await expect(miner.commitSector(7n, 1_521_281n)).to.emit(miner, 'SectorCommitted').withArgs(7n, 1_521_281n)
      await miner.commitSector(7n, 1_000_000n)
      expect(await ask('GetNominalSectorExpiration', '0x07')).to.deep.equal(ok('0x1a00173681'))
    })

    it('puts sectors into 48 deadlines', async () => {
      const { miner, ask } = await loadFixture(installed)
      const sector = 48n * 2349n + 5n
      await miner.commitSector(sector, 1n)
      expect(await ask('GenerateSectorLocation', '0x811a0001b875')).to.deep.equal(ok('0x820143820501'))
    })
  })

  describe('sectors', () => {
    it('of deals end with their last deal', async () => {
      const { ask } = await loadFixture(installed)
      const endEpoch = 1_000_000n
      await activateDeal(await publishDeal({ startEpoch: 5_000n, endEpoch }), 3n)
      await activateDeal(await publishDeal({ startEpoch: 5_000n, endEpoch: endEpoch - 1n }), 3n)
      expect(await ask('GetNominalSectorExpiration', '0x03')).to.deep.equal(ok('0x1a000f4240'))
    })

    it('change status only from the one they should have', async () => {
      const { miner } = await loadFixture(withSector)
      const refuses = (change: Promise<unknown>, expected: bigint, actual: bigint, sector = 7n) =>
        expect(change).to.be.revertedWithCustomError(miner, 'WrongSectorStatus').withArgs(sector, expected, actual)
      await refuses(miner.recoverSector(7n), 2n, 1n)
      await refuses(miner.compactSector(7n), 0n, 1n)
      await refuses(miner.faultSector(8n), 1n, 0n, 8n)
      await refuses(miner.terminateSector(8n), 1n, 0n, 8n)
      await miner.faultSector(7n)
      await refuses(miner.faultSector(7n), 1n, 2n)
      await refuses(miner.commitSector(7n, 9_999_999n), 1n, 2n)
    })

    it('give power while they are active', async () => {
      const { miner } = await loadFixture(withSector)
      await miner.commitSector(8n, 1n)
      expect(await miner.activeBytes()).to.equal(64n << 30n)
      await miner.faultSector(8n)
      expect(await miner.activeBytes()).to.equal(32n << 30n)
      await miner.terminateSector(8n)
      await miner.terminateSector(7n)
      expect(await miner.activeBytes()).to.equal(0n)
    })
  })

  describe('commitPieces (FIP-0109)', () => {
    const piece = { digest: DIGEST, size: 32n << 30n, payload: '0x00' }

    async function receiving() {
      const world = await installed()
      const receiver = await ethers.deployContract('ScriptedActor')
      const commit = (pieces = [piece]) => world.miner.commitPieces.staticCall(7n, 1_521_280n, pieces, receiver)
      return { ...world, receiver, commit }
    }

    it('tells the receiver as the miner does, byte for byte, and hands on its answer', async () => {
      const { receiver, commit } = await loadFixture(receiving)
      const { params, accepted } = vectors.SectorContentChanged
      await receiver.scriptFor(frc42('SectorContentChanged'), params, 0, CBOR, accepted)
      expect(await commit()).to.deep.equal([true])
    })

    it('tells of several pieces, each accepted or not', async () => {
      const { receiver, commit } = await loadFixture(receiving)
      await receiver.script(frc42('SectorContentChanged'), 0, CBOR, '0x8182f5f4')
      expect(await commit([piece, { ...piece, payload: '0x' }])).to.deep.equal([true, false])
    })

    it('takes every other answer for a no', async () => {
      const { receiver, commit } = await loadFixture(receiving)
      expect(await commit()).to.deep.equal([false])
      for (const answer of ['0x8180', '0x8182f5f5', '0xf5', '0x8281f5']) {
        await receiver.script(frc42('SectorContentChanged'), 0, CBOR, answer)
        expect(await commit(), answer).to.deep.equal([false])
      }
      await receiver.failWith('0x')
      expect(await commit()).to.deep.equal([false])
    })

    it('is sent by the miner’s own address and makes the sector active', async () => {
      const { miner, ask } = await loadFixture(receiving)
      const client = await ethers.deployContract('WritingClient', [false])
      const transaction = miner.commitPieces(7n, 1_521_280n, [piece], client)
      await expect(transaction).to.emit(miner, 'SectorCommitted').withArgs(7n, 1_521_280n)
      expect(await client.notice()).to.equal(vectors.SectorContentChanged.params)
      expect(await client.lastSender()).to.equal(maskedIdAddress(MINER))
      expect(await ask('ValidateSectorStatus', '0x83' + '07' + '01' + '43820700')).to.deep.equal(ok('0xf5'))
    })
  })

  describe('commitContents (FIP-0109)', () => {
    const piece = { digest: DIGEST, size: 32n << 30n, payload: '0x00' }
    const contents = [
      { sector: 7n, expirationEpoch: 1_521_280n, pieces: [piece, piece] },
      { sector: 8n, expirationEpoch: 1_521_280n, pieces: [] },
      { sector: 9n, expirationEpoch: 1_600_000n, pieces: [piece] },
    ]
    const NONE = [[false, false], [], [false]]

    async function receiving() {
      return { ...(await installed()), receiver: await ethers.deployContract('ScriptedActor') }
    }

    it('tells the receiver of all sectors in one message', async () => {
      const { miner } = await loadFixture(receiving)
      const client = await ethers.deployContract('WritingClient', [false])
      await miner.commitContents(contents, client)

      const one = vectors.SectorContentChanged.params.slice(4)
      const [head, told] = [one.slice(0, 14), one.slice(16)]
      const ninth = '83091a00186a00'
      expect(await client.notice()).to.equal(
        `0x83${head}82${told}${told}${head.replace('8307', '8308')}80${ninth}81${told}`,
      )
      expect(await client.messages(frc42('SectorContentChanged'))).to.equal(1n)
    })

    it('makes every sector active', async () => {
      const { miner, receiver } = await loadFixture(receiving)
      await miner.commitContents(contents, receiver)
      expect(await miner.activeBytes()).to.equal(96n << 30n)
    })

    it('hands on the answer per sector and piece', async () => {
      const { miner, receiver } = await loadFixture(receiving)
      await receiver.script(frc42('SectorContentChanged'), 0, CBOR, '0x8382f5f48081f5')
      expect(await miner.commitContents.staticCall(contents, receiver)).to.deep.equal([[true, false], [], [true]])
    })

    it('takes an answer of another shape for a no to all', async () => {
      const { miner, receiver } = await loadFixture(receiving)
      for (const answer of [
        '0x8182f5f5',
        '0x8382f5f58081',
        '0x8382f5f58181f5',
        '0x8382f5f68081f5',
        '0x84f5f5808181f5',
      ]) {
        await receiver.script(frc42('SectorContentChanged'), 0, CBOR, answer)
        expect(await miner.commitContents.staticCall(contents, receiver), answer).to.deep.equal(NONE)
      }
      await receiver.script(frc42('SectorContentChanged'), 16, CBOR, '0x8382f5f58081f5')
      expect(await miner.commitContents.staticCall(contents, receiver)).to.deep.equal(NONE)
    })
  })
})
