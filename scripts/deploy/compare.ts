import { keccak256 } from 'ethers'
import hre from 'hardhat'
import type { Connection } from '../lib/hardhat.ts'
import { genesisHash } from './deploy-mooring.ts'
import { CONTRACTS, type Deployment } from './deployments.ts'
import { edgeProviderTerms } from './edge-provider.ts'

export interface Fact {
  what: string
  expected: string
  actual: string
}

/** Every fact of a deployment file beside what the chain says now. Reads only. */
export async function compareDeployment(connection: Connection, deployment: Deployment): Promise<Fact[]> {
  const { ethers } = connection
  const facts: Fact[] = []
  const fact = (what: string, expected: unknown, actual: unknown) =>
    facts.push({ what, expected: String(expected), actual: String(actual) })

  fact('chain id', deployment.chainId, connection.chainId)
  const genesis = await genesisHash(connection)
  if (deployment.genesisHash && genesis) fact("block 0's hash", deployment.genesisHash, genesis)

  for (const name of CONTRACTS) {
    const { address, codeHash } = deployment.contracts[name]
    const code = await ethers.provider.getCode(address)
    fact(`${name} code hash`, codeHash, code === '0x' ? 'no code at the address' : keccak256(code))
    fact(`${name} is this source`, 'yes', (await matchesSource(name, code)) ? 'yes' : 'no')
  }

  if (facts.some(({ expected, actual }) => expected !== actual)) return facts // the calls below need the right code

  const { OracleRegistry, EdgeProvider, PinningRequests } = deployment.contracts
  const registry = await ethers.getContractAt('OracleRegistry', OracleRegistry.address)
  for (const [name, address] of [
    ['EdgeProvider', EdgeProvider.address],
    ['PinningRequests', PinningRequests.address],
  ] as const) {
    const contract = await ethers.getContractAt(name, address)
    fact(`${name} asks registry`, OracleRegistry.address, await contract.getFunction('registry')())
    fact(`${name} asks provider`, deployment.providerId, await contract.getFunction('providerId')())
  }

  const terms = edgeProviderTerms(connection.chainId)
  const provider = await registry.getFunction('getProvider')(deployment.providerId)
  for (const key of ['name', 'quorum', 'windowEpochs', 'callbackGas'] as const) {
    fact(`provider ${key}`, terms[key], provider[key])
  }
  for (const { job, stageFees } of terms.jobs) {
    const expected = stageFees.reduce((sum, fee) => sum + fee, 0n)
    fact(`fee of job ${job}, attoFIL`, expected, await registry.getFunction('quote')(deployment.providerId, job, 1n))
  }
  const operator = await registry.getFunction('getOperator')(deployment.operatorId)
  fact('operator owner', deployment.operator.owner, operator.owner)
  fact('operator reporter', deployment.operator.reporter, operator.reporter)
  fact('operator active', true, operator.active)
  return facts
}

/** Compares runtime code with the compiler's, the immutables' places left out. */
async function matchesSource(contract: string, code: string): Promise<boolean> {
  const artifact = await hre.artifacts.readArtifact(contract)
  const places = Object.values(artifact.immutableReferences ?? {}).flat()
  const blank = (hex: string) =>
    places.reduce((text, { start, length }) => {
      const from = 2 + start * 2
      return text.slice(0, from) + '0'.repeat(length * 2) + text.slice(from + length * 2)
    }, hex)
  return blank(code) === blank(artifact.deployedBytecode)
}
