import { ZeroAddress } from 'ethers'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { compareDeployment } from '../../../scripts/deploy/compare.ts'
import { deployMooring } from '../../../scripts/deploy/deploy-mooring.ts'
import type { Deployment } from '../../../scripts/deploy/deployments.ts'
import { edgeProviderTerms, type ProviderTerms } from '../../../scripts/deploy/edge-provider.ts'
import { differs, type FactKind } from '../../../scripts/deploy/facts.ts'
import { joinProvider } from '../../../scripts/deploy/join.ts'
import { build, connect, type Connection } from '../../../scripts/lib/hardhat.ts'
import { describeRevert } from '../../../scripts/lib/revert.ts'

const MAINNET = 314

describe('deployMooring', function () {
  this.timeout(60_000)
  let connection: Connection
  let accounts: string[]

  before(async () => {
    await build()
    connection = await connect('fvm')
    accounts = (await connection.ethers.getSigners()).map(({ address }) => address)
  })
  after(() => connection.close())

  it('leaves nothing that differs from its file, whoever the operators, the governor and the council are', async () => {
    const deployment = await deployMooring(connection, {
      operators: [{ reporter: accounts[1] }, { owner: accounts[2], endpoint: 'https://operator.example' }],
      governor: accounts[3],
      council: accounts.slice(4, 8),
    })

    expect((await compareDeployment(connection, deployment)).filter(differs)).to.deep.equal([])
    expect(deployment.operators).to.deep.equal([
      { id: '1', owner: accounts[0], reporter: accounts[1], endpoint: '' },
      { id: '2', owner: accounts[2], reporter: accounts[2], endpoint: 'https://operator.example' },
    ])
    expect(deployment.governance).to.deep.equal({ governor: accounts[3], minDelaySeconds: 691_200 })
    expect(deployment.council).to.deep.equal({ members: accounts.slice(4, 8), threshold: 3 })
  })

  it('gives the provider to a timelock that the governor can only propose to', async () => {
    const { contracts, providerId, governance } = await deployMooring(connection)
    const { ethers } = connection
    const registry = await ethers.getContractAt('OracleRegistry', contracts.OracleRegistry.address)
    const timelock = await ethers.getContractAt('TimelockController', contracts.TimelockController.address)
    const admit = registry.interface.encodeFunctionData('admit', [providerId, accounts[5]])
    const call = [registry, 0, admit, ethers.ZeroHash, ethers.ZeroHash] as const

    expect((await registry.getProvider(providerId)).owner).to.equal(await timelock.getAddress())
    expect(describeRevert(await refusal(registry.admit(providerId, accounts[5])))).to.match(/^NotProviderOwner/)
    expect(await refusal(timelock.schedule(...call, governance.minDelaySeconds - 1))).to.be.an('error')

    await (await timelock.schedule(...call, governance.minDelaySeconds)).wait()
    expect(await refusal(timelock.execute(...call))).to.be.an('error')
    await connection.send('evm_increaseTime', [governance.minDelaySeconds])
    await (await timelock.connect(await ethers.getSigner(accounts[9])).execute(...call)).wait() // anyone may
    const [admitted] = await registry.queryFilter(registry.filters.OperatorAdmitted(providerId))
    expect(admitted.args.operatorOwner).to.equal(accounts[5])
  })

  context('with the rules of Filecoin', () => {
    const { name: _name, jobs: _jobs, ...terms } = edgeProviderTerms(MAINNET)

    it('admits the deployer and whom it names, and nobody else', async () => {
      const deployment = await deployMooring(connection, { terms, admit: [accounts[1]] })
      const registry = await connection.ethers.getContractAt(
        'OracleRegistry',
        deployment.contracts.OracleRegistry.address,
      )
      const join = async (address: string) =>
        joinProvider(connection, registry, {
          ...{ providerId: BigInt(deployment.providerId), reporter: address, endpoint: '', stake: terms.minStake },
          owner: await connection.ethers.getSigner(address),
        })

      expect((await join(accounts[1])).operatorId).to.equal(2n)
      expect(describeRevert(await refusal(join(accounts[2])))).to.equal(
        `NotAdmitted(providerId: 1, caller: ${accounts[2]})`,
      )
    })
  })

  it('says before the first transaction that the deployer cannot pay the stake', async () => {
    const minStake = 10n ** 30n
    const before = await connection.ethers.provider.getBlockNumber()

    const error = await refusal(deployMooring(connection, { terms: { minStake } }))

    expect(error.message).to.match(/has 9\d+\.\d+ FIL on 'fvm': expected more than 1000000000000.0 FIL/)
    expect(await connection.ethers.provider.getBlockNumber()).to.equal(before)
  })
})

describe('compareDeployment', function () {
  this.timeout(60_000)
  let connection: Connection
  let deployment: Deployment

  before(async () => {
    connection = await connect('fvm')
    deployment = await deployMooring(connection)
  })
  after(() => connection.close())

  const differences = async (change: (deployment: Deployment) => void, terms?: Partial<ProviderTerms>) => {
    const changed = structuredClone(deployment)
    change(changed)
    const facts = await compareDeployment(connection, changed, terms)
    return facts.filter(differs).map(({ kind, what }) => [kind, what] as [FactKind, string])
  }

  for (const [kind, what, change] of [
    ['chain', 'chain id', (d) => (d.chainId = 314)],
    ['code', 'PinningRequests code hash', (d) => (d.contracts.PinningRequests.address = ZeroAddress)],
    ['code', 'EdgeEvidence code hash', (d) => (d.contracts.EdgeEvidence.codeHash = `0x${'00'.repeat(32)}`)],
    ['governance', 'timelock delay, seconds', (d) => (d.governance.minDelaySeconds = 60)],
    ['council', 'council threshold', (d) => (d.council.threshold = 2)],
    ['operator', 'operator 1 reporter', (d) => (d.operators[0].reporter = ZeroAddress)],
  ] as [FactKind, string, (deployment: Deployment) => void][]) {
    it(`finds that ${what} differs, and that it is about the ${kind}`, async () => {
      expect(await differences(change)).to.deep.equal([[kind, what]])
    })
  }

  it('finds another registry behind the contracts', async () => {
    const other = await deployMooring(connection)

    expect(await differences((d) => (d.contracts.EdgeProvider = other.contracts.EdgeProvider))).to.deep.equal([
      ['wiring', 'EdgeProvider asks registry'],
    ])
  })

  it('finds another extension behind PerpetualStorage', async () => {
    const other = await deployMooring(connection)

    expect(await differences((d) => (d.contracts.ProofsExtension = other.contracts.ProofsExtension))).to.deep.equal([
      ['wiring', 'PerpetualStorage ProofsExtension'],
    ])
  })

  it('finds a DAO code behind the factory that funds from elsewhere', async () => {
    const other = await deployMooring(connection)

    expect(await differences((d) => (d.contracts.DataDAOFactory = other.contracts.DataDAOFactory))).to.deep.equal([
      ['wiring', 'DataDAOFactory daoCode'],
      ['wiring', 'DataDAOFactory treasuryCode'],
      ['wiring', 'DataDAOFactory collectionCode'],
      ['wiring', 'DataDAOFactory badgeCode'],
      ['wiring', 'DataDAOFactory tokenCode'],
    ])
    expect(await differences((d) => (d.contracts.DaoTreasury = other.contracts.DaoTreasury))).to.deep.equal([
      ['wiring', 'DaoTreasury pinningRequests'],
      ['wiring', 'DaoTreasury perpetualStorage'],
      ['wiring', 'DataDAOFactory treasuryCode'],
    ])
  })

  it('finds other rules than the ones that are expected', async () => {
    expect(await differences(() => {}, { windowEpochs: 4, slash: 1n })).to.deep.equal([
      ['rules', 'provider windowEpochs'],
      ['rules', 'provider slash'],
    ])
  })

  it('finds an operator that has left', async () => {
    const registry = await connection.ethers.getContractAt(
      'OracleRegistry',
      deployment.contracts.OracleRegistry.address,
    )
    await (await registry.leave(1n)).wait()

    expect(await differences(() => {})).to.deep.equal([['operator', 'operator 1 standing']])
  })
})

async function refusal(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('expected a refusal')
}
