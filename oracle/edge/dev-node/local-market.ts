import { Interface, hexlify, isCallException, toUtf8Bytes } from 'ethers'
import type { ErrorDescription, TransactionReceipt } from 'ethers'
import { EPOCHS_PER_DAY } from '../../chain/epochs.ts'
import { DealMissed, DealRefused } from './deal-maker.ts'
import type { DealMaker, DealOrder } from './deal-maker.ts'
import type { LocalChain } from './local-chain.ts'

/** The market actor, f05, as the EVM sees it. */
const MARKET = '0xff00000000000000000000000000000000000005'
/** What most providers offer, inside the market's 518,400–3,680,640. */
const DURATION_EPOCHS = 540n * EPOCHS_PER_DAY
/** `Fault.StartElapsed` of the local market. */
const START_ELAPSED = 5n

const PROPOSAL =
  'tuple(bytes32 pieceDigest, uint64 pieceSize, bool verified, address client, uint64 providerId, bytes label, int64 startEpoch, ' +
  'int64 endEpoch, uint256 pricePerEpoch, uint256 providerCollateral, uint256 clientCollateral)'
const market = new Interface([
  `function publish(${PROPOSAL}[] proposals) returns (uint64[])`,
  'function activate(uint64 dealId, uint64 sector)',
  'event DealPublished(uint64 indexed dealId, address indexed client, uint64 indexed providerId)',
  'error AllProposalsInvalid(uint8[] faults)',
  'error DealAlreadyActive(uint64 dealId, uint64 sector)',
  'error DealStartElapsed(uint64 dealId, int64 startEpoch, uint256 currentEpoch)',
  'error ActorExit(uint32 exitCode)',
])

export interface LocalMarketOptions {
  /** Its account controls the miners, pays for nothing but gas, and is the deals' client too. */
  chain: LocalChain
  /** Epochs between the proposal and the deal's start, the latest moment to activate it. */
  startEpochs: number
}

/** Deals in the stand-in of the market actor on the local chain. */
export function createLocalMarket({ chain, startEpochs }: LocalMarketOptions): DealMaker {
  async function publish({
    key,
    piece,
    providerId,
    label,
    durationEpochs = DURATION_EPOCHS,
  }: DealOrder): Promise<bigint> {
    const startEpoch = BigInt(await chain.provider.getBlockNumber()) + BigInt(startEpochs)
    const proposal = {
      pieceDigest: hexlify(piece.digest),
      pieceSize: piece.size,
      verified: false,
      client: chain.address,
      providerId,
      label: toUtf8Bytes(label),
      startEpoch,
      endEpoch: startEpoch + durationEpochs,
      pricePerEpoch: 0n,
      providerCollateral: 0n,
      clientCollateral: 0n,
    }
    const receipt = await send(`publish:${key}`, market.encodeFunctionData('publish', [[proposal]]))
    for (const { topics, data } of receipt.logs) {
      const event = market.parseLog({ topics: [...topics], data })
      if (event?.name === 'DealPublished') return event.args.dealId as bigint
    }
    throw new DealRefused(`transaction ${receipt.hash} published no deal`)
  }

  async function activate(key: string, dealId: bigint): Promise<void> {
    const sector = dealId // one deal in a sector, and a number that no other deal of the provider has
    try {
      await send(`activate:${key}`, market.encodeFunctionData('activate', [dealId, sector]))
    } catch (error) {
      if (revertOf(error)?.name !== 'DealAlreadyActive') throw error
    }
  }

  async function send(key: string, data: string): Promise<TransactionReceipt> {
    let receipt: TransactionReceipt
    try {
      receipt = await chain.lane.send(key, MARKET, data)
    } catch (error) {
      throw toDealError(key, error)
    }
    // It passed its simulation: what changed since is the epoch.
    if (receipt.status !== 1) throw new DealMissed(`${key}: transaction ${receipt.hash} was reverted`)
    return receipt
  }

  return { publish, activate }
}

function toDealError(key: string, cause: unknown): unknown {
  if (!isCallException(cause)) return cause
  const revert = revertOf(cause)
  const elapsed =
    revert?.name === 'DealStartElapsed' ||
    (revert?.name === 'AllProposalsInvalid' && (revert.args.faults as bigint[]).includes(START_ELAPSED))
  const message = `${key}: ${revert ? `${revert.name}(${revert.args.toArray().flat().join(', ')})` : cause.shortMessage}`
  return elapsed ? new DealMissed(message, { cause }) : new DealRefused(message, { cause })
}

/** The market's custom error behind a failed call, looked for through the causes. */
function revertOf(error: unknown): ErrorDescription | null {
  if (isCallException(error)) return error.data ? market.parseError(error.data) : null
  return error instanceof Error && error.cause ? revertOf(error.cause) : null
}
