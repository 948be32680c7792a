import { keccak256 } from 'ethers'
import hre from 'hardhat'
import type { Connection } from '../lib/hardhat.ts'
import { compareRules } from './compare-rules.ts'
import { genesisHash } from './deploy-mooring.ts'
import { CONTRACTS, type Deployment } from './deployments.ts'
import type { ProviderTerms } from './edge-provider.ts'
import { createFacts, type Fact } from './facts.ts'

/** Every fact of a deployment file beside what the chain says now. Reads only. @param terms Rules that are expected otherwise. */
export async function compareDeployment(
  connection: Connection,
  deployment: Deployment,
  terms?: Partial<ProviderTerms>,
): Promise<Fact[]> {
  const { facts, fact } = createFacts()

  fact('chain', 'chain id', deployment.chainId, connection.chainId)
  const genesis = await genesisHash(connection)
  if (deployment.genesisHash && genesis) fact('chain', "block 0's hash", deployment.genesisHash, genesis)

  for (const name of CONTRACTS) {
    const { address, codeHash } = deployment.contracts[name]
    const code = await connection.ethers.provider.getCode(address)
    fact('code', `${name} code hash`, codeHash, code === '0x' ? 'no code at the address' : keccak256(code))
    if (code !== '0x') fact('source', `${name} is this source`, 'yes', (await matchesSource(name, code)) ? 'yes' : 'no')
  }

  const known = facts.every(({ kind, expected, actual }) => kind === 'source' || expected === actual)
  return known ? [...facts, ...(await compareRules(connection, deployment, terms))] : facts // what follows needs the right code
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
