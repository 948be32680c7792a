import type { Interface } from 'ethers'
import { word } from '../../oracle/chain/calls.ts'
import type { Connection } from '../lib/hardhat.ts'
import type { Deployment } from '../deploy/deployments.ts'
import { readRequest, type RequestFacts } from '../lib/request.ts'
import { MARKET_ADDRESS, DEAL_EVENTS } from './market.ts'

/** The last line of `npm start -- --once`. Ids are decimal strings, piece CIDs v1, `sizeBytes` the CAR's. */
export interface Outcome {
  state: string
  requestId: string
  cid: string
  sizeBytes: number
  pieceCid: string | null
  aggregatePieceCid: string | null
  dealId: string | null
  providerId: string | null
  deals: { dealId: string; providerId: string }[]
  transactions: string[]
  seconds: number
}

/** Everything but `seconds` is read back from contract state, events and the market actor. */
export async function readOutcome(
  connection: Connection,
  deployment: Deployment,
  id: bigint,
  seconds: number,
): Promise<Outcome> {
  const facts = await readRequest(connection, deployment, id)
  const [first] = facts.deals
  return {
    state: facts.state,
    requestId: id.toString(),
    cid: facts.cid,
    sizeBytes: Number(facts.carBytes),
    pieceCid: facts.pieceCid,
    aggregatePieceCid: first?.aggregatePieceCid ?? null,
    dealId: first?.dealId.toString() ?? null,
    providerId: first?.providerId.toString() ?? null,
    deals: facts.deals.map(({ dealId, providerId }) => ({
      dealId: dealId.toString(),
      providerId: providerId.toString(),
    })),
    transactions: await transactionsOf(connection, deployment, id, facts),
    seconds: Number(seconds.toFixed(1)),
  }
}

/** Hashes of the transactions that the request and its deals left events of, in chain order. */
async function transactionsOf(
  connection: Connection,
  deployment: Deployment,
  id: bigint,
  facts: RequestFacts,
): Promise<string[]> {
  const { ethers } = connection
  const { OracleRegistry, PinningRequests } = deployment.contracts
  const contracts = await Promise.all([
    ethers.getContractAt('OracleRegistry', OracleRegistry.address),
    ethers.getContractAt('PinningRequests', PinningRequests.address),
  ])
  const filters = [
    ...contracts.map(({ target, interface: abi }) => ({ address: target, topics: [eventsOfRequests(abi), word(id)] })),
    ...facts.deals.map(({ dealId }) => ({ address: MARKET_ADDRESS, topics: [DEAL_EVENTS, word(dealId)] })),
  ]
  const range = { fromBlock: deployment.block, toBlock: 'latest' }
  const logs = await Promise.all(filters.map((filter) => ethers.provider.getLogs({ ...filter, ...range })))
  const inOrder = logs.flat().sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index)
  return [...new Set(inOrder.map((log) => log.transactionHash))]
}

/** Topics of the events whose first argument is a request's id. */
function eventsOfRequests(abi: Interface): string[] {
  const topics: string[] = []
  abi.forEachEvent((event) => {
    if (event.inputs[0]?.name === 'id' && event.inputs[0].indexed) topics.push(event.topicHash)
  })
  return topics
}
