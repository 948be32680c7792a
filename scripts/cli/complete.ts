import { hexlify, type BaseContract } from 'ethers'
import pino from 'pino'
import { inclusionProof, MARKET_ACTOR_ID } from '../../oracle/chain/calls.ts'
import { createEdgeClient, type EdgeStatus } from '../../oracle/edge/client.ts'
import { pieceCidBytes } from '../../oracle/proofs/piece-cid.ts'
import { verifyInclusion } from '../../oracle/proofs/inclusion.ts'
import { readRequest } from '../lib/request.ts'
import { parseRequestId, type CliContext } from './context.ts'
import { edgeNode } from './edge-node.ts'

/** `complete ID`: shows the request's deals to the contract, with the proofs that an Edge node offers. Anyone may. */
export async function complete(
  context: CliContext,
  idText: string,
  options: { edge?: string; edgeKey?: string },
): Promise<void> {
  const id = parseRequestId(idText)
  const { connection, deployment } = context
  const facts = await readRequest(connection, deployment, id)
  const proven = new Set(facts.deals.map(({ dealId }) => dealId))
  const client = createEdgeClient({ ...edgeNode(options), log: pino({ level: 'silent' }) })
  const open = (await client.findByCid(facts.cid)).filter(
    ({ deal }) => deal && deal.dealId > 0n && !proven.has(deal.dealId),
  )

  const pinning: BaseContract = await connection.ethers.getContractAt(
    'PinningRequests',
    deployment.contracts.PinningRequests.address,
    context.signer,
  )
  const done: { dealId: bigint; transaction: string }[] = []
  for (const status of open) {
    const args = completion(id, status)
    if (!args) continue
    const sent = await pinning.getFunction('complete').send(...args)
    await sent.wait()
    context.note(`deal ${status.deal!.dealId} of ${status.miner} proven in transaction ${sent.hash}`)
    done.push({ dealId: status.deal!.dealId, transaction: sent.hash })
  }
  const { state } = await readRequest(connection, deployment, id)
  context.say(`${done.length} deals proven now; request #${id} is ${state}`, { id, state, done })
}

/** The arguments of `complete`, checked here first; undefined if the Edge node has no whole proof yet. */
function completion(id: bigint, { deal, piece, inclusion, miner }: EdgeStatus): unknown[] | undefined {
  if (!deal || !piece || !inclusion) return undefined
  verifyInclusion(piece, inclusion)
  return [
    id,
    MARKET_ACTOR_ID,
    deal.dealId,
    BigInt(miner.slice(2)),
    inclusionProof(inclusion),
    { commPc: hexlify(pieceCidBytes(piece.digest)), sizePc: piece.size },
  ]
}
