import { readFileSync } from 'node:fs'
import { parseBallots } from '../../lib/dao/ballot-file.ts'
import { checkBallots, MAX_BALLOTS, submitBallots, type Ballot } from '../../lib/dao/ballot.ts'
import { findDao, type Dao } from '../../lib/dao/contracts.ts'
import type { BallotFault } from '../../lib/dao/names.ts'
import { findProposal } from '../../lib/dao/proposals.ts'
import { readProposal } from '../../lib/dao/proposal.ts'
import { weightWords } from '../../lib/dao/weights.ts'
import { fromCaller } from '../../lib/paths.ts'
import type { CliContext } from '../context.ts'
import { clockOf } from '../perpetual.ts'
import { named } from './dao.ts'
import { tallyWords } from './vote.ts'

const WHY: Record<BallotFault, string> = {
  None: '',
  BadSupport: 'says neither for, nor against, nor abstain',
  Expired: 'has expired',
  AlreadyVoted: 'has voted already',
  Barred: 'may not vote so: it proposed this, or controls the provider that did',
  NoWeight: 'had no weight when voting began',
  BadSignature: 'did not sign this: another text, proposal, DAO or chain, or a ballot that was used',
}

/** `dao submit FILE…`: sends the signed ballots of one proposal, those that count in one transaction. */
export async function submit(context: CliContext, files: string[]): Promise<void> {
  const ballots = files.flatMap((file) => parseBallots(file, readFileSync(fromCaller(file), 'utf8')))
  const { dao: address, proposalId } = sameProposal(context, ballots)
  const dao = await findDao(context.connection, context.deployment, address, context.signer)
  const id = BigInt(proposalId)
  const checked = await checkBallots(dao, id, ballots)
  const refused = checked.refused.map(({ ballot, fault }) => ({ voter: ballot.voter, fault }))
  for (const { voter, fault } of refused) context.note(`refused: ${voter} ${WHY[fault]}`)
  if (checked.good.length === 0) throw new Error(`none of ${ballots.length} ballots counts: nothing was sent`)

  const counted = []
  const transactions = []
  for (let from = 0; from < checked.good.length; from += MAX_BALLOTS) {
    const sent = await submitBallots(dao, id, checked.good.slice(from, from + MAX_BALLOTS))
    counted.push(...sent.counted)
    refused.push(...sent.refused.map(({ voter, fault }) => ({ voter, fault: fault as (typeof refused)[0]['fault'] })))
    transactions.push(sent.transaction)
  }
  context.say(await describe(context, dao, proposalId, counted, refused.length), {
    ...{ dao: dao.address, proposalId, counted, refused, transactions },
  })
}

function sameProposal({ connection }: CliContext, ballots: Ballot[]): Ballot {
  const [first] = ballots
  for (const ballot of ballots) {
    if (ballot.chainId !== connection.chainId) {
      throw new Error(`the ballot of ${ballot.voter} is for chain ${ballot.chainId}, this is ${connection.chainId}`)
    }
    if (ballot.dao !== first!.dao || ballot.proposalId !== first!.proposalId) {
      throw Object.assign(
        new Error(`the ballots of ${first!.voter} and ${ballot.voter} are about different proposals`),
        { hint: 'Submit the ballots of one proposal at a time.' },
      )
    }
  }
  return first!
}

async function describe(
  context: CliContext,
  dao: Dao,
  proposalId: string,
  counted: Awaited<ReturnType<typeof submitBallots>>['counted'],
  refused: number,
): Promise<string> {
  const proposal = await readProposal(dao, await findProposal(dao, proposalId), await clockOf(context))
  const lines = counted.map(({ voter, support, weight }) => `counted: ${voter} ${support}, ${weightWords(dao, weight)}`)
  const head = `${counted.length} of ${counted.length + refused} ballots count on proposal ${named(proposal)}`
  return [...lines, `${head}: ${tallyWords(dao, proposal)}`].join('\n')
}
