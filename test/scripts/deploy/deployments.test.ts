import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import {
  CONTRACTS,
  deploymentFile,
  readDeployment,
  writeDeployment,
  type Deployment,
} from '../../../scripts/deploy/deployments.ts'
import { repoRoot } from '../../../scripts/lib/paths.ts'

const contract = (byte: string) => ({ address: `0x${byte.repeat(20)}`, codeHash: `0x${byte.repeat(32)}` })

const DEPLOYMENT: Deployment = {
  network: 'local',
  chainId: 31415926,
  genesisHash: null,
  block: 7,
  contracts: Object.fromEntries(
    CONTRACTS.map((name, i) => [name, contract((i + 1).toString(16).padStart(2, '0'))]),
  ) as Deployment['contracts'],
  providerId: '1',
  configVersion: 1,
  governance: { governor: contract('88').address, minDelaySeconds: 691_200 },
  council: { members: [contract('88').address], threshold: 1 },
  operators: [{ id: '1', owner: contract('88').address, reporter: contract('99').address, endpoint: '' }],
}

describe('deployment files', () => {
  let dir: string
  let before: string | undefined
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'mooring-deployments-'))
    before = process.env.MOORING_DATA
    process.env.MOORING_DATA = dir
  })
  afterEach(() => {
    if (before === undefined) delete process.env.MOORING_DATA
    else process.env.MOORING_DATA = before
    rmSync(dir, { recursive: true })
  })

  it('are in the repository for a real network, whatever runs here', () => {
    writeDeployment(DEPLOYMENT, join(dir, 'deployment.json'))

    expect(deploymentFile('calibration')).to.equal(join(repoRoot, 'deployments', 'calibration.json'))
  })

  it('are beside the chain for the one that `npm start` runs, and in the repository for another local chain', () => {
    expect(deploymentFile('local')).to.equal(join(repoRoot, 'deployments', 'local.json'))

    writeDeployment(DEPLOYMENT, join(dir, 'deployment.json'))

    expect(deploymentFile('local')).to.equal(join(dir, 'deployment.json'))
  })

  it('are read back as they were written, and nothing else is left in the folder', () => {
    writeDeployment(DEPLOYMENT, join(dir, 'deployments', 'local.json'))

    expect(readDeployment('local', join(dir, 'deployments', 'local.json'))).to.deep.equal(DEPLOYMENT)
    expect(readdirSync(join(dir, 'deployments'))).to.deep.equal(['local.json'])
  })

  for (const [network, how] of [
    ['local', 'start the local chain with `npm start` first'],
    ['calibration', 'deploy with `npm run deploy -- --network calibration` first'],
  ] as const) {
    it(`that are missing on ${network} tell what to do`, () => {
      const file = join(dir, 'none.json')

      expect(() => readDeployment(network, file))
        .to.throw(`no deployment of Mooring on '${network}' is known here (${file} is missing)`)
        .with.property('message')
        .that.includes(how)
    })
  }

  for (const [what, text, words] of [
    ['not JSON', '{"contracts": {', 'is no deployment file'],
    ['JSON of something else', '{"name":"mooring"}', 'is no deployment file'],
    ['nothing at all', 'null', 'is no deployment file'],
    [
      'of an older deployment',
      JSON.stringify({ ...DEPLOYMENT, contracts: { ...DEPLOYMENT.contracts, RegistryExtension: undefined } }),
      'lacks the address of a contract',
    ],
    [
      'without a good address',
      JSON.stringify({
        ...DEPLOYMENT,
        contracts: { ...DEPLOYMENT.contracts, EdgeProvider: { address: '0x12', codeHash: '0x' } },
      }),
      'lacks the address of a contract',
    ],
  ] as const) {
    it(`that are ${what} are refused by name`, () => {
      const file = join(dir, 'broken.json')
      writeFileSync(file, text)

      expect(() => readDeployment('local', file)).to.throw(`${file} ${words}`)
    })
  }
})
