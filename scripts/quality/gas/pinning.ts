import { hexlify, toUtf8Bytes } from 'ethers'
import { inclusionProof } from '../../../oracle/chain/calls.ts'
import { JOB, encodePackedAnswer, encodePinnedAnswer } from '../../../oracle/chain/jobs.ts'
import { buildAggregate } from '../../../oracle/proofs/aggregate.ts'
import { pieceCidBytes } from '../../../oracle/proofs/piece-cid.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import { CID, LINK, MAX_BYTES } from './registry.ts'
import { digestOf } from './piece.ts'
import type { GasWorld } from './world.ts'

const DURATION = 518_400n
const CAR_BYTES = 900_000n

/** Keeping a CID: asked, pinned, packed, proven; cancelled, expired; gone on as an order. */
export async function pinningScenario(world: GasWorld): Promise<void> {
  const { registry, pinning, edge, operators, requester, send, sendAsking, epoch, mine } = world
  const submit = async (replicas: number, cid = CID, what?: string) => {
    const terms = {
      ...{ replicas, minTermEpochs: DURATION - 1_000n, deadlineEpoch: (await epoch()) + 5_000n, maxBytes: MAX_BYTES },
      ...{ rewardPerReplica: 10n ** 16n, allowExistingDeals: false, pieceCid: '0x', pieceSize: 0 },
    }
    const [fee, rewards] = (await pinning.getFunction('quote').staticCall(terms)) as unknown as [bigint, bigint]
    return sendAsking(pinning, 'submitWithTerms', [cid, LINK, terms], { from: requester, value: fee + rewards, what })
  }
  const submitRaaS = async () => {
    const fee = (await edge.getFunction('quote').staticCall(JOB.PACK, 1n << 30n)) as unknown as bigint
    const value = fee + 10n ** 18n
    return sendAsking(pinning, 'submitRaaS', [CID, LINK, 3, 0, 0], { from: requester, value, what: '3 replicas' })
  }
  const answer = async (id: bigint, stage: number, data: Uint8Array, what?: string) => {
    for (const voter of [1, 0]) await send(registry, 'report', [id, stage, data], { from: operators[voter]! })
    await mine(10n)
    await send(registry, 'deliver', [id, stage, data], { what })
  }
  const pieces: Piece[] = Array.from({ length: 8 }, (_, i) => ({ digest: digestOf(i), size: 1n << 20n }))
  const { aggregate, inclusions } = buildAggregate(pieces)
  const [piece, inclusion] = [pieces[3]!, inclusions[3]!]
  const packed = encodePackedAnswer(piece, CAR_BYTES)

  await submit(1)
  const id = await submit(2, CID, 'a CID that was asked for before, 64-byte link')
  await submit(1, '0x01551220' + 'cd'.repeat(32), 'a new CID')
  await answer(id, 0, encodePinnedAnswer(CAR_BYTES), 'Pinned, settles and calls PinningRequests back')
  await answer(id, 1, packed, 'Packed, settles and calls PinningRequests back')

  const deals = await makeDeals(world, hexlify(aggregate.digest), aggregate.size, [1000n, 1001n])
  const shown = { commPc: hexlify(pieceCidBytes(piece.digest)), sizePc: piece.size }
  const args = (deal: bigint, miner: bigint) => [id, 5n, deal, miner, inclusionProof(inclusion), shown]
  const depth = inclusion.subtree.path.length + inclusion.entry.path.length
  await send(pinning, 'complete', args(deals[0]!, 1000n), { what: `a first deal, ${depth} hashes of proof` })
  await send(pinning, 'complete', args(deals[1]!, 1001n), { what: 'the last deal: Stored' })

  const direct = await submit(1)
  await answer(direct, 0, encodePinnedAnswer(CAR_BYTES))
  await answer(direct, 1, packed)
  const [whole] = await makeDeals(world, hexlify(piece.digest), piece.size, [1002n])
  await send(pinning, 'onchain_complete', [direct, 5n, whole, 1002n], { what: 'the only deal, not aggregated: Stored' })
  await send(pinning, 'cancel', [await submit(1)], { from: requester, what: 'before the first vote' })
  const late = await submit(1)
  await mine(5_100n)
  await send(pinning, 'refund', [late], { what: 'after the deadline, the registry included' })

  const perpetual = await submitRaaS()
  await answer(perpetual, 0, encodePinnedAnswer(CAR_BYTES))
  await answer(perpetual, 1, packed)
  await send(pinning, 'openOrder', [perpetual], { what: 'an order of 3 replicas in PerpetualStorage' })
  await send(pinning, 'withdraw', [], { from: requester, what: 'a credit to an account' })
}

/** Publishes and activates a deal of a piece with each miner, and waits until they have begun. */
async function makeDeals(
  { market, worker, send, epoch, mine }: GasWorld,
  pieceDigest: string,
  pieceSize: bigint,
  miners: bigint[],
): Promise<bigint[]> {
  const startEpoch = (await epoch()) + 20n
  const dealIds: bigint[] = []
  for (const providerId of miners) {
    const proposal = {
      ...{ pieceDigest, pieceSize, providerId, startEpoch, endEpoch: startEpoch + DURATION, verified: false },
      ...{ client: worker, label: toUtf8Bytes('gas'), pricePerEpoch: 0, providerCollateral: 0, clientCollateral: 0 },
    }
    const { logs } = await send(market, 'publish', [[proposal]])
    const published = logs.map((log) => market.interface.parseLog(log)).find((event) => event?.name === 'DealPublished')
    const dealId = published!.args[0] as bigint
    await send(market, 'activate', [dealId, dealId])
    dealIds.push(dealId)
  }
  await mine(30n)
  return dealIds
}

/** A digest that could be a CommP: 254 bits. */
