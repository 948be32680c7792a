import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import hre from 'hardhat'
import { getBytes, toUtf8Bytes } from 'ethers'
import { parsePieceCid } from '../../../oracle/proofs/piece-cid.ts'
import type { CliContext } from '../../../scripts/cli/context.ts'
import { deployMooring, type DeployOptions } from '../../../scripts/deploy/deploy-mooring.ts'
import type { Deployment } from '../../../scripts/deploy/deployments.ts'
import { build, connect, type Connection } from '../../../scripts/lib/hardhat.ts'
import { locatorAt, perpetualAt } from '../../../scripts/lib/perpetual/contract.ts'
import { ACTOR_ADDRESSES, createMiners, installActors, maskedIdAddress } from '../../../scripts/local/actors.ts'

/** What a verb said. */
export interface Said {
  words: string
  facts: Record<string, unknown>
  notes: string[]
}

/** A deal for a piece, as the stand-in's market publishes it. */
export interface DealFor {
  provider: bigint
  pieceCid: string
  pieceSize: bigint
  label: string
}

const TERM = 365n * 2_880n + 20_000n

/** Hardhat's simulated network with Filecoin's actors and the contracts; the verbs run on it as they are. */
export async function createCliWorld(options: DeployOptions = {}) {
  await build()
  const connection = await connect('fvm')
  const [client, , provider, other] = await connection.ethers.getSigners()
  await installActors(connection, hre.artifacts)
  await createMiners(connection, hre.artifacts, [
    { id: 1000n, owner: provider.address, worker: provider.address },
    { id: 1001n, owner: other.address, worker: other.address },
  ])
  const deployment = await deployMooring(connection, options)
  const storage = await perpetualAt(connection, deployment.contracts.PerpetualStorage.address)
  const market = await connection.ethers.getContractAt('LocalMarket', ACTOR_ADDRESSES.market, provider)

  return {
    ...{ connection, deployment, client, provider, other, storage, market },
    locator: await locatorAt(connection, deployment.contracts.SectorLocator.address),
    miner: (id: bigint) => connection.ethers.getContractAt('LocalMiner', maskedIdAddress(id), provider),
    epoch: async () => BigInt(await connection.ethers.provider.getBlockNumber()),
    mine: async (epochs: bigint) => void (await connection.send('hardhat_mine', [`0x${epochs.toString(16)}`])),

    /** Runs a verb's function as `signer`. */
    async run(signer: HardhatEthersSigner, verb: (context: CliContext) => Promise<void>): Promise<Said> {
      const said: Said = { words: '', facts: {}, notes: [] }
      await verb(contextOf(connection, deployment, signer, said))
      return said
    },

    /** Publishes a deal and puts it into a sector of its own. */
    async deal({ provider: providerId, pieceCid, pieceSize, label }: DealFor): Promise<bigint> {
      const dealId = await market.nextDealId()
      const startEpoch = BigInt(await connection.ethers.provider.getBlockNumber()) + 20n
      await (
        await market.publish([
          {
            ...{ pieceDigest: getBytes(parsePieceCid(pieceCid).digest), pieceSize, verified: false, providerId },
            ...{ client: client.address, label: toUtf8Bytes(label), startEpoch, endEpoch: startEpoch + TERM },
            ...{ pricePerEpoch: 0n, providerCollateral: 0n, clientCollateral: 0n },
          },
        ])
      ).wait()
      return dealId
    },
  }
}

export type CliWorld = Awaited<ReturnType<typeof createCliWorld>>

function contextOf(
  connection: Connection,
  deployment: Deployment,
  signer: HardhatEthersSigner,
  said: Said,
): CliContext {
  return {
    ...{ network: 'local', json: true, connection, deployment, signer },
    say: (words, facts) => Object.assign(said, { words, facts }),
    note: (words) => void said.notes.push(words),
  }
}
