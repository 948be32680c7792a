import { type BytesLike, type Signer, type TypedDataDomain } from 'ethers'
import { done } from '../perpetual/sent.ts'
import { revertName } from '../revert.ts'
import type { Dao } from './contracts.ts'
import { BALLOT_FAULTS, numberOf, SUPPORTS, type BallotFault, type Support } from './names.ts'

/** A ballot that anyone can submit for its voter: what `dao sign` writes and `dao submit` reads. */
export interface Ballot {
  chainId: number
  dao: string
  /** Decimal. */
  proposalId: string
  voter: string
  support: Support
  reason: string
  /** The last epoch, inclusive, at which it counts. */
  expiryEpoch: number
  signature: string
}

/** The EIP-712 type of a signed ballot, as IDataDAO.sol has it. */
const SIGNED_BALLOT = {
  SignedBallot: [
    { name: 'proposalId', type: 'uint256' },
    { name: 'support', type: 'uint8' },
    { name: 'voter', type: 'address' },
    { name: 'reason', type: 'string' },
    { name: 'nonce', type: 'uint256' },
    { name: 'expiryEpoch', type: 'uint256' },
  ],
}

const KEY_BITS = 192

/** Signs a ballot; sends nothing. The nonce is the voter's own for this proposal. */
export async function signBallot(
  dao: Dao,
  signer: Signer,
  proposalId: bigint,
  { support, reason, expiryEpoch }: { support: Support; reason: string; expiryEpoch: bigint },
): Promise<Ballot> {
  const voter = await signer.getAddress()
  const domain = await domainOf(dao)
  const nonce = await dao.governor['nonces(address,uint192)'](voter, BigInt.asUintN(KEY_BITS, proposalId))
  const value = { proposalId, support: numberOf(SUPPORTS, support), voter, reason, nonce, expiryEpoch }
  return {
    ...{ chainId: Number(domain.chainId), dao: dao.address, proposalId: String(proposalId), voter, support, reason },
    expiryEpoch: Number(expiryEpoch),
    signature: await signer.signTypedData(domain, SIGNED_BALLOT, value),
  }
}

async function domainOf({ governor }: Dao): Promise<TypedDataDomain> {
  const { name, version, chainId, verifyingContract } = await governor.eip712Domain()
  return { name, version, chainId, verifyingContract }
}

/** A ballot that would not count, or did not, and why. */
export interface RefusedBallot {
  ballot: Ballot
  fault: Exclude<BallotFault, 'None'>
}

/** Sorts ballots of one proposal: the contract is asked about each of them alone. A second one of a voter is refused. */
export async function checkBallots(
  dao: Dao,
  proposalId: bigint,
  ballots: Ballot[],
): Promise<{ good: Ballot[]; refused: RefusedBallot[] }> {
  const good: Ballot[] = []
  const refused: RefusedBallot[] = []
  for (const ballot of ballots) {
    const again = good.some(({ voter }) => voter === ballot.voter)
    const fault = again ? 'AlreadyVoted' : await faultOf(dao, proposalId, ballot)
    if (fault === 'None') good.push(ballot)
    else refused.push({ ballot, fault })
  }
  return { good, refused }
}

async function faultOf({ governor }: Pick<Dao, 'governor'>, proposalId: bigint, ballot: Ballot): Promise<BallotFault> {
  try {
    await governor.castVotesBySig.staticCall(proposalId, [encodeBallot(ballot)])
    return 'None'
  } catch (error) {
    if (revertName(error) !== 'NoBallotCounted') throw error
  }
  if (ballot.expiryEpoch <= (await governor.clock())) return 'Expired'
  return (await refusalOfVoter({ governor }, proposalId, ballot)) ?? 'BadSignature'
}

const FAULT_OF: Partial<Record<string, RefusedBallot['fault']>> = {
  GovernorAlreadyCastVote: 'AlreadyVoted',
  NoWeight: 'NoWeight',
  ProposerCannotVote: 'Barred',
  ProviderCannotVote: 'Barred',
}

/** Why the voter itself could not vote so now; undefined if it could: then only the signature is wrong. */
async function refusalOfVoter({ governor }: Pick<Dao, 'governor'>, proposalId: bigint, { voter, support }: Ballot) {
  const reader = governor.connect(governor.runner!.provider)
  try {
    await reader.castVote.staticCall(proposalId, numberOf(SUPPORTS, support), { from: voter })
    return undefined
  } catch (error) {
    const fault = FAULT_OF[revertName(error) ?? '']
    if (!fault) throw error
    return fault
  }
}

export interface Submitted {
  transaction: string
  counted: { voter: string; support: Support; weight: bigint }[]
  refused: { voter: string; fault: BallotFault }[]
}

/** Most ballots of one transaction: DaoRules.sol. */
export const MAX_BALLOTS = 64

/** Sends ballots of one proposal in one transaction; by anyone. */
export async function submitBallots({ governor }: Dao, proposalId: bigint, ballots: Ballot[]): Promise<Submitted> {
  const sent = await governor.castVotesBySig(proposalId, ballots.map(encodeBallot))
  const { transaction, events } = await done(governor, sent)
  const named = (name: string) => events.filter((event) => event.name === name).map(({ args }) => args)
  return {
    transaction,
    counted: named('VoteCast').map((args) => ({
      ...{ voter: args.voter as string, weight: args.weight as bigint },
      support: SUPPORTS[Number(args.support)]!,
    })),
    refused: named('BallotRefused').map((args) => ({
      voter: args.voter as string,
      fault: BALLOT_FAULTS[Number(args.fault)]!,
    })),
  }
}

const encodeBallot = ({ voter, support, expiryEpoch, reason, signature }: Ballot) => ({
  ...{ voter, support: numberOf(SUPPORTS, support), expiryEpoch, reason },
  signature: signature as BytesLike,
})
