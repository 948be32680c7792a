import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import type { DataDAO, IDataDAO } from '../../types/ethers-contracts/index.js'
import { now } from './answers.ts'
import { SUPPORT } from './dao-terms.ts'
import type { Dao } from './dao.ts'

export type SignedBallot = IDataDAO.SignedBallotStruct

export interface Ballot {
  support?: bigint
  reason?: string
  /** The last epoch at which it counts; 1,000 from now unless given. */
  expiryEpoch?: bigint
  /** The voter's next one for the proposal unless given. */
  nonce?: bigint
  /** On whose behalf; the signer unless given. */
  voter?: string
  /** What the signature says otherwise than by the DAO's own domain: `chainId`, `verifyingContract`. */
  domain?: Record<string, unknown>
}

const BALLOT_TYPES = {
  SignedBallot: [
    { name: 'proposalId', type: 'uint256' },
    { name: 'support', type: 'uint8' },
    { name: 'voter', type: 'address' },
    { name: 'reason', type: 'string' },
    { name: 'nonce', type: 'uint256' },
    { name: 'expiryEpoch', type: 'uint256' },
  ],
}

/** The EIP-712 domain of a DAO or of its membership. */
export async function domainOf(contract: Pick<DataDAO, 'eip712Domain'>) {
  const [, name, version, chainId, verifyingContract] = await contract.eip712Domain()
  return { name, version, chainId, verifyingContract }
}

/** A ballot that anybody may submit by {castVotesBySig}. */
export async function signBallot(
  { dao }: Pick<Dao, 'dao'>,
  signer: HardhatEthersSigner,
  proposalId: bigint,
  given: Ballot = {},
): Promise<SignedBallot> {
  const { support = SUPPORT.For, reason = '', voter = signer.address } = given
  const expiryEpoch = given.expiryEpoch ?? (await now()) + 1_000n
  const nonce = given.nonce ?? (await dao['nonces(address,uint192)'](voter, BigInt.asUintN(192, proposalId)))
  const message = { proposalId, support, voter, reason, nonce, expiryEpoch }
  const signature = await signer.signTypedData({ ...(await domainOf(dao)), ...given.domain }, BALLOT_TYPES, message)
  return { voter, support, expiryEpoch, reason, signature }
}
