import { ZeroAddress, type AddressLike, type BigNumberish } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { domainOf, type Dao, type Proposal } from '../../helpers/dao.ts'
import type { CidProposalStructOutput } from '../../../types/ethers-contracts/contracts/dao/DaoTreasury.js'
import { connect } from '../../helpers/network.ts'

export * from '../../helpers/dao.ts'
export { now } from '../../helpers/answers.ts'
export { CID, FEE, LINK, MAX_BYTES, OTHER_CID, PIECE, inOneBlock, plain, PROVIDER } from '../pinning/world.ts'

export const { ethers, networkHelpers } = await connect()
export const { loadFixture, mine, mineUpTo, setBalance } = networkHelpers

export const DAY = 2_880n
export { ZeroHash as ZERO_WORD } from 'ethers'

/** Errors of libraries: what reverts with them shows them by their code alone. */
export const rules = await ethers.getContractAt('DaoRules', ZeroAddress)
export const cids = await ethers.getContractAt('Cid', ZeroAddress)
export const pieceCids = await ethers.getContractAt('PieceCid', ZeroAddress)
export const actorCalls = await ethers.getContractAt('ActorCall', ZeroAddress)

/** {DaoRules-OutOfBounds} and {IPerpetualOrders-OutOfBounds} are one error. */
export const OUT_OF_BOUNDS = [rules, 'OutOfBounds'] as const

/** The set of one state, as the Governor's errors name what would have been allowed. */
export const bitmap = (...states: bigint[]): string =>
  '0x' +
  states
    .reduce((bits, state) => bits | (1n << state), 0n)
    .toString(16)
    .padStart(64, '0')

/** The state that the next transaction finds. */
export const stateOf = ({ dao }: Pick<Dao, 'dao'>, { id }: Pick<Proposal, 'id'>) =>
  dao.state(id, { blockTag: 'pending' })

/** A call to one of the DAO's parts, for a proposal. */
export async function callTo<C extends { getAddress(): Promise<string> }>(target: C, data: string, value = 0n) {
  return { target: await target.getAddress(), data, value }
}

/** What {IDaoTreasury-keep} is called with when the proposal is executed. */
export function kept({ treasury }: Pick<Dao, 'treasury'>, { calldatas }: Pick<Proposal, 'calldatas'>) {
  return treasury.interface.decodeFunctionData('keep', calldatas[0]).toArray()[0] as CidProposalStructOutput
}

const BALLOT = [
  { name: 'proposalId', type: 'uint256' },
  { name: 'support', type: 'uint8' },
  { name: 'voter', type: 'address' },
  { name: 'nonce', type: 'uint256' },
]
const EXTENDED = [...BALLOT, { name: 'reason', type: 'string' }, { name: 'params', type: 'bytes' }]

export interface Signing {
  support?: bigint
  nonce?: BigNumberish
  voter?: AddressLike
}

/** A signature for the Governor's {castVoteBySig}. */
export async function signVote({ dao }: Pick<Dao, 'dao'>, from: HardhatEthersSigner, id: bigint, given: Signing = {}) {
  const { support = 1n, voter = from.address, nonce = await dao['nonces(address)'](from) } = given
  const message = { proposalId: id, support, voter, nonce }
  return from.signTypedData(await domainOf(dao), { Ballot: BALLOT }, message)
}

/** A signature for the Governor's {castVoteWithReasonAndParamsBySig}. */
export async function signVoteWithParams(
  { dao }: Pick<Dao, 'dao'>,
  from: HardhatEthersSigner,
  id: bigint,
  { reason = '', params = '0x', ...given }: Signing & { reason?: string; params?: string } = {},
) {
  const { support = 1n, voter = from.address, nonce = await dao['nonces(address)'](from) } = given
  const message = { proposalId: id, support, voter, nonce, reason, params }
  return from.signTypedData(await domainOf(dao), { ExtendedBallot: EXTENDED }, message)
}
