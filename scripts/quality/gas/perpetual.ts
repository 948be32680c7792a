import hre from 'hardhat'
import { toUtf8Bytes, hexlify, type Signer } from 'ethers'
import { inclusionProof } from '../../../oracle/chain/calls.ts'
import { EPOCHS_PER_DAY } from '../../../oracle/chain/epochs.ts'
import { otherSlot, slotId, slotLabel } from '../../../oracle/chain/slot-id.ts'
import { buildAggregate } from '../../../oracle/proofs/aggregate.ts'
import { pieceCidBytes } from '../../../oracle/proofs/piece-cid.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import { createMiners, maskedIdAddress } from '../../local/actors.ts'
import { digestOf } from './piece.ts'
import type { GasWorld } from './world.ts'

const TERM = 540n * EPOCHS_PER_DAY
const PRICE = 10n ** 12n
const FIRST_MINER = 2000n
const SAID = { none: 0, active: 1, faulty: 2, dead: 3 }

/** One storage provider: a miner and who controls it. */
interface Provider {
  miner: bigint
  signer: Signer
}

/** Perpetual storage: an order, its slots claimed, proven by each way, settled, handed over, lost, ended. */
export async function perpetualScenario(world: GasWorld): Promise<void> {
  const { perpetual, requester: client, send, mine, epoch, market, connection } = world
  const { ethers } = connection
  const providers = await createProviders(world)
  const locator = await ethers.deployContract('SectorLocator')
  const miner = (of: bigint) => ethers.getContractAt('ILocalMiner', maskedIdAddress(of))
  const locate = async ({ miner: of }: Provider, sector: bigint) => (await locator.locate(of, sector)).location

  const pieces: Piece[] = Array.from({ length: 8 }, (_, i) => ({ digest: digestOf(i), size: 1n << 20n }))
  const { aggregate, inclusions } = buildAggregate(pieces)
  const piece = pieces[5]!
  const { maxTermEpochs, renewalEpochs, collateral } = (await perpetual
    .getFunction('defaultTerms')
    .staticCall(PRICE)) as unknown as Record<'maxTermEpochs' | 'renewalEpochs' | 'collateral', bigint>
  const open = async (replicas: number, what?: string) => {
    const args = [
      hexlify(pieceCidBytes(piece.digest)),
      piece.size,
      replicas,
      PRICE,
      '0x',
      toUtf8Bytes('https://example.org/a.car'),
    ]
    await send(perpetual, 'open', args, { from: client, value: PRICE * maxTermEpochs * BigInt(2 * replicas), what })
    return (await perpetual.getFunction('orderCount').staticCall()) as bigint
  }
  const claim = async (slot: bigint, { miner: of, signer }: Provider, what?: string) => {
    const { nonce } = (await perpetual.getFunction('getSlot').staticCall(slot)) as unknown as { nonce: bigint }
    await send(perpetual, 'claim', [slot, nonce + 1n, 1, PRICE, of], { from: signer, value: collateral, what })
    return slotLabel(slot, nonce + 1n)
  }
  let sectors = 100n
  const deal = async ({ miner: of, signer }: Provider, { digest, size }: Piece, label: string, client = signer) => {
    const at = await epoch()
    const proposal = {
      ...{
        pieceDigest: hexlify(digest),
        pieceSize: size,
        verified: false,
        client,
        providerId: of,
        label: toUtf8Bytes(label),
      },
      ...{ startEpoch: at + 100n, endEpoch: at + 100n + TERM },
      ...{ pricePerEpoch: 0n, providerCollateral: 0n, clientCollateral: 0n },
    }
    const dealId = (await market.getFunction('nextDealId').staticCall()) as bigint
    await send(market, 'publish', [[proposal]], { from: signer })
    await send(market, 'activate', [dealId, ++sectors], { from: signer })
    return { dealId, sector: sectors }
  }

  const orderId = await open(3, '3 replicas, default terms')
  await send(perpetual, 'topUp', [orderId], { from: client, value: 1n })
  const [first, second, third] = [0n, 1n, 2n].map((seat) => slotId(orderId, seat)) as [bigint, bigint, bigint]
  const [a, b, c, d] = providers as [Provider, Provider, Provider, Provider]

  const label = await claim(first, a, 'the first replica of three: 1 read of the power actor, 2 of the miner')
  const whole = await deal(a, piece, label)
  const proveDeal = [first, whole.dealId, await locate(a, whole.sector)]
  await send(perpetual, 'proveDeal', proveDeal, { what: 'a deal by its id: 6 reads of the market, 1 of the miner' })

  const inAggregate = await deal(
    b,
    { digest: aggregate.digest, size: aggregate.size },
    await claim(second, b, 'the second replica of three'),
  )
  const inclusion = inclusions[5]!
  const depth = inclusion.subtree.path.length + inclusion.entry.path.length
  const proveAggregated = [second, inAggregate.dealId, inclusionProof(inclusion), await locate(b, inAggregate.sector)]
  await send(perpetual, 'proveAggregatedDeal', proveAggregated, {
    what: `a deal for an aggregate, ${depth} hashes of proof, 6 reads of the market, 1 of the miner`,
  })

  const payload = hexlify(toUtf8Bytes(await claim(third, c)))
  const committed = (await epoch()) + TERM
  const notice = [{ digest: hexlify(piece.digest), size: piece.size, payload }]
  await send(await miner(c.miner), 'commitPieces', [7n, committed, notice, perpetual], { from: c.signer })
  await send(perpetual, 'proveSector', [third, await locate(c, 7n)], {
    what: 'a sector its miner told of: 1 read of the miner',
  })

  await mine(EPOCHS_PER_DAY)
  const settle = async (slot: bigint, of: Provider, sector: bigint, said = SAID.active) =>
    [slot, said, await locate(of, sector)] as unknown[]
  await send(perpetual, 'settle', await settle(first, a, whole.sector), { what: 'a deal, alive, the first payment' })
  await mine(EPOCHS_PER_DAY)
  await send(perpetual, 'settle', await settle(first, a, whole.sector), {
    what: 'a deal, alive: 1 read of the market, 1 of the miner',
  })
  await send(perpetual, 'settle', await settle(third, c, 7n), { what: 'a sector, alive: 1 read of the miner' })
  const calls = [
    await settle(second, b, inAggregate.sector),
    await settle(third, c, 7n),
    await settle(first, a, whole.sector),
  ]
  const encoded = calls.map((args) => perpetual.interface.encodeFunctionData('settle', args))
  await send(perpetual, 'batch', [encoded, 3n], { items: 3n, what: 'of 3 settlements, each' })
  await send(await miner(c.miner), 'faultSector', [7n], { from: c.signer })
  await send(perpetual, 'settle', await settle(third, c, 7n, SAID.faulty), { what: 'a sector, faulty' })
  await mine(8n * EPOCHS_PER_DAY)
  await send(perpetual, 'cut', [first], { what: 'a day beyond the gap' })
  await send(await miner(c.miner), 'terminateSector', [7n], { from: c.signer })
  await send(perpetual, 'settle', await settle(third, c, 7n, SAID.dead), { what: 'a sector, dead: Lost' })
  await send(perpetual, 'withdrawProvider', [a.miner], {
    what: 'what a miner earned, to its owner: 1 read of the miner',
  })

  await claim(third, d)
  await send(perpetual, 'abandon', [third], { from: d.signer, what: 'within the fetch window' })
  await claim(third, d)
  await mine(8n * EPOCHS_PER_DAY)
  await send(perpetual, 'lapse', [third], { what: 'a claim that was not proven' })

  const { end } = (await perpetual.getFunction('getSlot').staticCall(first)) as unknown as { end: bigint }
  await mine(end - renewalEpochs - (await epoch()))
  await send(perpetual, 'settle', await settle(first, a, whole.sector))
  const successor = otherSlot(first)
  const label2 = await claim(successor, a, 'a successor, by the incumbent')
  const next = await deal(a, piece, label2)
  await send(perpetual, 'proveDeal', [successor, next.dealId, await locate(a, next.sector)], {
    what: 'the successor: paid from the old end',
  })
  await mine(end - (await epoch()))
  await send(perpetual, 'settle', [first, SAID.none, '0x'], { what: 'after the end, the deal still readable: Ended' })
  await mine(200n * EPOCHS_PER_DAY + TERM)
  await send(perpetual, 'release', [second], { what: 'after end and grace, without any actor: Ended' })
  await send(perpetual, 'cancel', [orderId], { from: client, what: 'the client ends the order' })
}

/** Four storage providers with an owner each. */
async function createProviders({ connection }: GasWorld): Promise<Provider[]> {
  const signers = (await connection.ethers.getSigners()).slice(10, 14)
  const providers = signers.map((signer, at) => ({ miner: FIRST_MINER + BigInt(at), signer }))
  await createMiners(
    connection,
    hre.artifacts,
    providers.map(({ miner, signer: { address } }) => ({ id: miner, owner: address, worker: address })),
  )
  return providers
}
