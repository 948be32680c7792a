import { Contract, JsonRpcProvider, Wallet } from 'ethers'
import hre from 'hardhat'
import { build } from '../../../../scripts/lib/hardhat.ts'
import { ACTOR_ADDRESSES, createMiners, installActors } from '../../../../scripts/local/actors.ts'
import { startAnvil } from '../../../../scripts/local/anvil.ts'
import { LOCAL_KEYS } from '../../../../scripts/local/keys.ts'
import { freePort } from '../../../../scripts/local/ports.ts'

export const SP_KEY = LOCAL_KEYS.storageProviders.privateKey
/** FRC-42 number of GetDealDataCommitment. */
const GET_DEAL_DATA_COMMITMENT = 1157985802n
const GET_DEAL_ACTIVATION = 2567238399n

/** A real chain process with Filecoin's actors' stand-ins, their miners controlled by {@link SP_KEY}. */
export async function startLocalChain(cleanups: (() => Promise<unknown>)[], blockTimeSeconds: number) {
  await build()
  const port = await freePort(0)
  const anvil = await startAnvil({ port, chainId: 31415926, blockTimeSeconds })
  cleanups.unshift(() => anvil.stop())
  const provider = new JsonRpcProvider(anvil.url, undefined, {
    staticNetwork: true,
    cacheTimeout: -1,
    pollingInterval: 50,
  })
  cleanups.unshift(async () => provider.destroy())

  const { address } = LOCAL_KEYS.storageProviders
  await installActors(provider, hre.artifacts)
  await createMiners(
    provider,
    hre.artifacts,
    [1000n, 1001n, 1002n].map((id) => ({ id, owner: address, worker: address })),
  )

  const { abi } = await hre.artifacts.readArtifact('LocalMarket')
  const market = new Contract(ACTOR_ADDRESSES.market, abi, new Wallet(SP_KEY, provider))

  /** A getter's CBOR, as the actor answers it: hexadecimal. */
  async function ask(method: bigint, dealId: bigint): Promise<string> {
    const params =
      dealId < 24n ? `0x${dealId.toString(16).padStart(2, '0')}` : `0x18${dealId.toString(16).padStart(2, '0')}`
    const handle = market.getFunction('handle_filecoin_method')
    const [exitCode, , data] = (await handle.staticCall(method, 0x51n, params)) as [bigint, bigint, string]
    if (exitCode !== 0n) throw new Error(`exit code ${exitCode}`)
    return data
  }

  return {
    url: anvil.url,
    provider,
    market,
    dataCommitment: (dealId: bigint) => ask(GET_DEAL_DATA_COMMITMENT, dealId),
    activation: (dealId: bigint) => ask(GET_DEAL_ACTIVATION, dealId),
    mine: (blocks: number) => provider.send('anvil_mine', [`0x${blocks.toString(16)}`]),
    /** Ids in the market's events of one name, in order. */
    async dealIds(event: 'DealPublished' | 'DealActivated'): Promise<bigint[]> {
      const logs = await market.queryFilter(market.filters[event](), 0, 'latest')
      return logs.map((log) => ('args' in log ? (log.args.dealId as bigint) : -1n))
    },
  }
}

export type LocalChain = Awaited<ReturnType<typeof startLocalChain>>
