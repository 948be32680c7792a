import { hexlify, id as hashOf } from 'ethers'
import type { CID } from 'multiformats/cid'
import { done, eventNamed } from '../perpetual/sent.ts'
import type { Call } from './calls.ts'
import type { Dao } from './contracts.ts'
import { encodeTerms, type StorageTerms } from './terms.ts'

/** A CID to be put to the vote, and on which terms it is stored if it passes. */
export interface NewProposal {
  cid: CID
  /** Bytes of its canonical CAR, at most. */
  size: bigint
  terms: StorageTerms
  description: string
  /** The storage provider that proposes it, by a controlling address; 0n: the signer proposes as a member. */
  providerId: bigint
}

export interface MadeProposal {
  proposalId: bigint
  /** Voting begins after this epoch, and ends with the other, inclusive. */
  snapshotEpoch: bigint
  deadlineEpoch: bigint
  transaction: string
}

/** What storing it would cost now, attoFIL. @throws the contracts' errors where the terms could not be carried out */
export const quoteTerms = ({ treasury }: Dao, cid: CID, size: bigint, terms: StorageTerms): Promise<bigint> =>
  treasury.quote(hexlify(cid.bytes), size, encodeTerms(terms))

/** Puts a CID to the vote. */
export async function proposeCid({ governor }: Dao, proposal: NewProposal): Promise<MadeProposal> {
  const { cid, size, terms, description, providerId } = proposal
  return made(
    governor,
    await governor.proposeCID(providerId, hexlify(cid.bytes), size, encodeTerms(terms), description),
  )
}

/** Puts it to the vote to take a CID out of the collection. */
export async function proposeRemoval({ governor }: Dao, cid: CID, reason: string): Promise<MadeProposal> {
  return made(governor, await governor.proposeRemoval(hexlify(cid.bytes), reason))
}

/** What an ordinary proposal is made of, as the Governor takes it. */
type Ordinary = [targets: string[], values: bigint[], calldatas: string[], description: string]

const ordinary = (calls: Call[], description: string): Ordinary => [
  calls.map(({ target }) => target),
  calls.map(({ value }) => value),
  calls.map(({ data }) => data),
  description,
]

/** The id that these calls have, or would have, under that description. */
export function idOfCalls({ governor }: Dao, calls: Call[], description: string): Promise<bigint> {
  const [targets, values, calldatas] = ordinary(calls, description)
  return governor.getProposalId(targets, values, calldatas, hashOf(description))
}

/** Asks the DAO whether its signer may put the calls to the vote now; sends nothing. @throws the contracts' errors */
export async function checkProposing({ governor }: Dao, calls: Call[], description: string): Promise<void> {
  await governor.propose.estimateGas(...ordinary(calls, description))
}

/** Puts calls of the treasury to the vote: all of them, in that order, or none. */
export async function proposeCalls({ governor }: Dao, calls: Call[], description: string): Promise<MadeProposal> {
  return made(governor, await governor.propose(...ordinary(calls, description)))
}

async function made(
  governor: Dao['governor'],
  sent: Awaited<ReturnType<Dao['governor']['proposeRemoval']>>,
): Promise<MadeProposal> {
  const result = await done(governor, sent)
  const { args } = eventNamed(result, 'ProposalCreated')
  return {
    ...{ proposalId: args.proposalId as bigint, transaction: result.transaction },
    ...{ snapshotEpoch: args.voteStart as bigint, deadlineEpoch: args.voteEnd as bigint },
  }
}
