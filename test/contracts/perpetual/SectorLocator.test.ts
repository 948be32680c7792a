import { expect } from 'chai'
import { before, beforeEach, describe, it } from 'mocha'
import type { ISectorLocator, SectorLocator } from '../../../types/ethers-contracts/index.js'
import { activateDeal, installActors, localMiner, publishDeal } from '../../helpers/actors.ts'
import { connect, type Connection } from '../../helpers/network.ts'

const MINER = 1000n
const [DEAD, ACTIVE, FAULTY] = [0n, 1n, 2n]

/** A location as a plain object. */
const plain = ({ exitCode, provider, sector, status, location }: ISectorLocator.LocationStructOutput) => ({
  ...{ exitCode, provider, sector, status, location },
})

describe('SectorLocator', () => {
  let connection: Connection
  let locator: SectorLocator

  before(async () => {
    connection = await connect()
  })

  beforeEach(async () => {
    locator = await connection.networkHelpers.loadFixture(deployed)
  })

  async function deployed(): Promise<SectorLocator> {
    await installActors()
    return connection.ethers.deployContract('SectorLocator')
  }

  const nowhere = { exitCode: 0n, provider: MINER, sector: 7n, status: DEAD, location: '0x822020' }

  describe('locate', () => {
    it('says of a sector that never was that it is dead, and in no partition', async () => {
      expect(plain(await locator.locate(MINER, 7n))).to.deep.equal(nowhere)
    })

    it('follows the sector: active, faulty, terminated', async () => {
      const miner = await localMiner(MINER)
      await (await miner.commitSector(7n, 600_000n)).wait()
      const active = await locator.locate(MINER, 7n)
      expect(active.status).to.equal(ACTIVE)
      expect(active.location).not.to.equal(nowhere.location)

      await (await miner.faultSector(7n)).wait()
      expect((await locator.locate(MINER, 7n)).status).to.equal(FAULTY)
      await (await miner.terminateSector(7n)).wait()
      expect((await locator.locate(MINER, 7n)).status).to.equal(DEAD)
    })

    it('tells the exit code where there is no such actor', async () => {
      expect(plain(await locator.locate(1999n, 7n))).to.deep.include({ exitCode: -6n, location: '0x' })
    })
  })

  describe('locateDeal', () => {
    it("finds the deal's provider, sector and place", async () => {
      const dealId = await publishDeal()
      await activateDeal(dealId, 9n)

      const found = await locator.locateDeal(dealId)
      expect(plain(found)).to.deep.equal(plain(await locator.locate(MINER, 9n)))
      expect(found.status).to.equal(ACTIVE)
    })

    it('tells the exit code of a deal that is unknown, or in no sector yet', async () => {
      expect((await locator.locateDeal(404n)).exitCode).to.equal(17n)

      const dealId = await publishDeal()
      expect(plain(await locator.locateDeal(dealId))).to.deep.include({ exitCode: 33n, provider: MINER })
    })
  })
})
