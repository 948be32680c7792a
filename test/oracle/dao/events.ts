import { keccak256, toUtf8Bytes, type Interface } from 'ethers'
import type { ChainLog } from '../../../oracle/chain/answers.ts'
import { collectionAbi, daoAbi, operationOf, treasuryAbi, type DaoParts } from '../../../oracle/chain/dao.ts'

export const PARTS: DaoParts = {
  address: '0xCf7Ed3AccA5a467e9e704C703E8D87F634fB0Fc9',
  name: 'Curators',
  treasury: '0xDc64a140Aa3E981100a9becA4E685f962f0cF6C9',
  collection: '0x5FC8d32690cc91D4c39d9d3abcBD16989F875707',
  membership: '0x0165878A594ca255338adfa4d48449f69242Eb8F',
}
export const PROPOSER = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
export const VOTERS = [
  '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65',
  '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc',
  '0x976EA74026E726554dB657fA54763abd0C3a0aa9',
]
export const CID_KEY = '0x' + 'cc'.repeat(32)
export const CID = '0x01701220' + 'c1'.repeat(32)
export const PROPOSAL = 2n ** 200n + 7n
export const SNAPSHOT = 110n
export const DEADLINE = 210n

/** Terms as the contract takes them. */
export const TERMS = {
  ...{ kind: 0n, replicas: 2n, pieceSize: 0n, termEpochs: 518_400n, deadlineEpochs: 5_000n },
  ...{ price: 100n, budget: 5_000n, pieceCid: '0x', seed: '0x6162' },
}
/** The same as the executor reads them. */
export const READ_TERMS = { ...TERMS, kind: 'Request', replicas: 2 }

const place = (blockNumber: bigint, logIndex: number) => ({
  ...{ blockNumber, logIndex, blockHash: '0x' + blockNumber.toString(16).padStart(64, '0') },
  transactionHash: '0x' + '77'.repeat(32),
})

function log(address: string, abi: Interface, name: string, args: unknown[], blockNumber: bigint, logIndex: number) {
  const { data, topics } = abi.encodeEventLog(name, args)
  return { address: address.toLowerCase(), data, topics, ...place(blockNumber, logIndex) }
}

/** A log of the DAO, at a place in the chain. */
export const ofDao = (name: string, args: unknown[], blockNumber: bigint, logIndex = 0): ChainLog =>
  log(PARTS.address, daoAbi, name, args, blockNumber, logIndex)
export const ofTreasury = (name: string, args: unknown[], blockNumber: bigint, logIndex = 0): ChainLog =>
  log(PARTS.treasury, treasuryAbi, name, args, blockNumber, logIndex)
export const ofCollection = (name: string, args: unknown[], blockNumber: bigint, logIndex = 0): ChainLog =>
  log(PARTS.collection, collectionAbi, name, args, blockNumber, logIndex)

export const DESCRIPTION = 'Keep it'
/** What {@link created} proposes. */
export const PAYLOAD = {
  ...{ targets: [PARTS.treasury], values: [5_000n], calldatas: ['0x01020304'] },
  descriptionHash: keccak256(toUtf8Bytes(DESCRIPTION)),
}
export const OPERATION = operationOf(PARTS.address, PAYLOAD)

export function created(blockNumber = 100n, over: Partial<typeof PAYLOAD> = {}, id = PROPOSAL): ChainLog {
  const { targets, values, calldatas } = { ...PAYLOAD, ...over }
  const signatures = targets.map(() => '')
  const args = [id, PROPOSER, targets, values, signatures, calldatas, SNAPSHOT, DEADLINE, DESCRIPTION]
  return ofDao('ProposalCreated', args, blockNumber)
}

export const cidProposed = (blockNumber = 100n, logIndex = 2): ChainLog =>
  ofDao('CidProposed', [PROPOSAL, CID_KEY, 1_003n, PROPOSER, CID, 9_999n, TERMS], blockNumber, logIndex)

export const cast = (voter: string, support: number, weight: bigint, blockNumber: bigint, reason = ''): ChainLog =>
  ofDao('VoteCast', [voter, PROPOSAL, support, weight, reason], blockNumber, VOTERS.indexOf(voter))

/** The row's facts about votes. */
export const VOTES = { against: 0, for: 1, abstain: 2 }
