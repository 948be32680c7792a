import { keccak256, toUtf8Bytes, type BaseContract } from 'ethers'
import hre from 'hardhat'
import { encodePackedAnswer, encodePinnedAnswer } from '../../oracle/chain/jobs.ts'
import { FAIL_REASONS } from '../../oracle/errors.ts'
import { buildAggregate } from '../../oracle/proofs/aggregate.ts'
import type { Inclusion } from '../../oracle/proofs/inclusion.ts'
import { pieceCidBytes } from '../../oracle/proofs/piece-cid.ts'
import type { Piece } from '../../oracle/proofs/piece.ts'
import { deployMooring } from '../deploy/deploy-mooring.ts'
import { JOB } from '../deploy/edge-provider.ts'
import { connect } from '../lib/hardhat.ts'
import { ACTOR_ADDRESSES, createMiners, installActors } from '../local/actors.ts'

export interface GasRow {
  call: string
  what: string
  /** Gas of the whole transaction: 21,000 and calldata included. EVM gas, as Ethereum counts it. */
  gas: bigint
}

const DURATION = 518_400n
const CID = '0x01551220' + 'ab'.repeat(32)
const LINK = toUtf8Bytes('/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWJ7tN8h3vK1o7kqg5K1tGQfZ8u1xwXJpV3P6q7c9oYxJk')
const MAX_BYTES = 1n << 30n

/** One typical transaction of each function, on the simulated network: the same figures in every run. */
export async function measureGas(): Promise<GasRow[]> {
  const rows: GasRow[] = []
  const connection = await connect('fvm')
  const { ethers } = connection
  const [, requester, worker] = await ethers.getSigners()
  await installActors(connection, hre.artifacts)
  const ids = [1000n, 1001n, 1002n]
  await createMiners(
    connection,
    hre.artifacts,
    ids.map((id) => ({ id, owner: worker!.address, worker: worker!.address })),
  )
  const { contracts } = await deployMooring(connection)
  const at = (name: string, address: string): Promise<BaseContract> => ethers.getContractAt(name, address)
  const registry = await at('OracleRegistry', contracts.OracleRegistry.address)
  const pinning = await at('PinningRequests', contracts.PinningRequests.address)
  const edge = await at('EdgeProvider', contracts.EdgeProvider.address)
  const market = (await at('ILocalMarket', ACTOR_ADDRESSES.market)).connect(worker!)
  const sample: BaseContract = await ethers.deployContract('KeepMyFile', [contracts.EdgeProvider.address])

  const send = async (contract: BaseContract, name: string, args: unknown[], value = 0n, what?: string) => {
    const sent = await contract.getFunction(name).send(...args, { value })
    const receipt = await sent.wait()
    if (what !== undefined) rows.push({ call: `${nameOf(contract)}.${name}`, what, gas: receipt!.gasUsed })
    return receipt!
  }
  const names = new Map<BaseContract, string>([
    [registry, 'OracleRegistry'],
    [pinning, 'PinningRequests'],
    [sample, 'KeepMyFile (sample)'],
    [market, 'market'],
  ])
  const nameOf = (contract: BaseContract) => names.get(contract)!
  const epoch = async () => BigInt(await ethers.provider.getBlockNumber())
  const mine = (blocks: bigint) => connection.send('hardhat_mine', [ethers.toBeHex(blocks)])
  let lastId = 0n

  // Asking the registry
  const pinFee = (await edge.getFunction('quote').staticCall(JOB.pin, MAX_BYTES)) as bigint
  const pinPayload = (await edge.getFunction('encodePin').staticCall(CID, LINK)) as string
  const ask = async (what?: string) => {
    await send(registry, 'request', [1n, JOB.pin, pinPayload, MAX_BYTES, (await epoch()) + 100n], pinFee, what)
    return ++lastId
  }
  await ask() // first-ever writes are dearer, and no user's case
  const plain = await ask('a pin, 64-byte link; by an account')
  await send(registry, 'report', [plain, 0, encodePinnedAnswer(1_000n)])
  await send(sample, 'keep', [CID, LINK], pinFee, 'a pin through the sample contract')
  await send(
    registry,
    'report',
    [++lastId, 0, encodePinnedAnswer(1_000n)],
    0n,
    'completes the stage, pays, calls the sample back',
  )
  await send(
    registry,
    'reportFailure',
    [await ask(), 0, FAIL_REASONS.indexOf('NotFound')],
    0n,
    'ends the request, refunds to credit',
  )
  await send(registry, 'cancel', [await ask()], 0n, 'before the first vote')
  const expired = await ask()
  await mine(200n)
  await send(registry, 'refund', [expired], 0n, 'after the deadline')
  await send(registry, 'withdraw', [], 0n, 'a credit to an account')

  // Keeping a CID
  const terms = async (replicas: number) => ({
    replicas,
    minTermEpochs: DURATION - 100n,
    deadlineEpoch: (await epoch()) + 5_000n,
    maxBytes: MAX_BYTES,
    rewardPerReplica: 10n ** 16n,
    allowExistingDeals: false,
    pieceCid: '0x',
    pieceSize: 0,
  })
  const asker = pinning.connect(requester!)
  names.set(asker, 'PinningRequests')
  const submit = async (replicas: number, cid = CID, what?: string) => {
    const wanted = await terms(replicas)
    const [fee, rewards] = (await pinning.getFunction('quote').staticCall(wanted)) as [bigint, bigint]
    await send(asker, 'submitWithTerms', [cid, LINK, wanted], fee + rewards, what)
    return ++lastId
  }
  await submit(1)
  const id = await submit(2, CID, 'a CID that was asked for before, 64-byte link')
  await submit(1, '0x01551220' + 'cd'.repeat(32), 'a new CID')

  const pieces: Piece[] = Array.from({ length: 8 }, (_, i) => ({ digest: digestOf(i), size: 1n << 20n }))
  const { aggregate, inclusions } = buildAggregate(pieces)
  const [piece, inclusion] = [pieces[3]!, inclusions[3]!]
  await send(registry, 'report', [id, 0, encodePinnedAnswer(900_000n)], 0n, 'Pinned, calls PinningRequests back')
  const packed = encodePackedAnswer(piece, 900_000n)
  await send(registry, 'report', [id, 1, packed], 0n, 'Packed, calls PinningRequests back')
  const deals = await makeDeals(market, ethers.hexlify(aggregate.digest), aggregate.size, [1000n, 1001n])
  const args = (deal: bigint, miner: bigint) => [
    id,
    5n,
    deal,
    miner,
    proof(inclusion),
    { commPc: hex(pieceCidBytes(piece.digest)), sizePc: piece.size },
  ]
  const depth = inclusion.subtree.path.length + inclusion.entry.path.length
  await send(pinning, 'complete', args(deals[0]!, 1000n), 0n, `a first deal, ${depth} hashes of proof`)
  await send(pinning, 'complete', args(deals[1]!, 1001n), 0n, 'the last deal: Stored')

  const direct = await submit(1)
  await send(registry, 'report', [direct, 0, encodePinnedAnswer(900_000n)])
  await send(registry, 'report', [direct, 1, packed])
  const [whole] = await makeDeals(market, ethers.hexlify(piece.digest), piece.size, [1002n])
  await send(pinning, 'onchain_complete', [direct, 5n, whole, 1002n], 0n, 'the only deal, not aggregated: Stored')
  await send(asker, 'cancel', [await submit(1)], 0n, 'before the first vote')
  const late = await submit(1)
  await mine(5_100n)
  await send(pinning, 'refund', [late], 0n, 'after the deadline, the registry included')
  await send(asker, 'withdraw', [], 0n, 'a credit to an account')
  await connection.close()
  return rows

  async function makeDeals(
    of: BaseContract,
    pieceDigest: string,
    pieceSize: bigint,
    miners: bigint[],
  ): Promise<bigint[]> {
    const startEpoch = (await epoch()) + 20n
    const dealIds: bigint[] = []
    for (const providerId of miners) {
      const proposal = {
        ...{ pieceDigest, pieceSize, providerId, startEpoch, endEpoch: startEpoch + DURATION, verified: false },
        ...{
          client: worker!.address,
          label: toUtf8Bytes('gas'),
          pricePerEpoch: 0,
          providerCollateral: 0,
          clientCollateral: 0,
        },
      }
      const receipt = await send(of, 'publish', [[proposal]])
      const published = receipt.logs
        .map((log) => of.interface.parseLog(log))
        .find((event) => event?.name === 'DealPublished')
      const dealId = published!.args[0] as bigint
      await send(of, 'activate', [dealId, dealId])
      dealIds.push(dealId)
    }
    await mine(30n)
    return dealIds
  }
}

const hex = (bytes: Uint8Array) => '0x' + Buffer.from(bytes).toString('hex')

/** A digest that could be a CommP: 254 bits. */
function digestOf(i: number): Uint8Array {
  const digest = Buffer.from(keccak256(toUtf8Bytes(`piece ${i}`)).slice(2), 'hex')
  digest[31]! &= 0x3f
  return digest
}

function proof({ subtree, entry }: Inclusion): unknown {
  const part = ({ index, path }: Inclusion['subtree']) => ({ index, path: path.map(hex) })
  return { proofSubtree: part(subtree), proofIndex: part(entry) }
}
