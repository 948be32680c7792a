import type { ProposeCid } from './dao.ts'
import { proposePlain } from './dao.ts'
import { BALLOTS, RULES, signBallots, signPlainBallots, type Houses } from './dao-houses.ts'
import type { GasWorld } from './world.ts'

/** What a batch may cost, in hundredths of the plain Governor's ballots one by one. */
export const MOST_PERCENT = 105n

/** By the plain Governor each ballot uses up a number of its voter's, which the first one writes anew. */
const ROUNDS = ['of members who never signed before', 'of members who have signed before']

/** 20 signed ballots in one transaction: a DataDAO's batch, and the plain Governor's one by one; then in 20 transactions. */
export async function compareBatches(world: GasWorld, houses: Houses, proposeCid: ProposeCid): Promise<void> {
  const { send, mine } = world
  const { plain, badge, token, loop, members, sp } = houses
  const items = BigInt(BALLOTS)
  for (const [round, whose] of ROUNDS.entries()) {
    const byPlain = await proposePlain(world, houses)
    const proposals = [
      { house: badge, kind: 'one member, one vote', proposal: await proposeCid(badge, 10 + round) },
      { house: token, kind: 'votes by weight', proposal: await proposeCid(token, 10 + round) },
    ]
    await mine(RULES.delay + 1n)

    const ballots = await signPlainBallots(plain, members.signers, byPlain.id)
    const what = `PlainGovernor.castVoteBySig, ${BALLOTS} ballots ${whose} in one transaction: each`
    const looped = await send(loop, 'castVotesBySig', [plain.governor, byPlain.id, ballots], { items, what })
    const limit = (looped.gasUsed * MOST_PERCENT) / 100n / items
    for (const { house, kind, proposal } of proposals) {
      const args = [proposal.id, await signBallots(house, members.signers, proposal.id)]
      const what = `${kind}: ${BALLOTS} signed ballots ${whose}: each`
      await send(house.governor, 'castVotesBySig', args, { items, what, limit })
    }
  }

  const bySp = await proposeCid(badge, 12, { from: sp })
  const alone = await proposeCid(badge, 13)
  const byPlain = await proposePlain(world, houses)
  await mine(RULES.delay + 1n)
  await send(badge.governor, 'castVotesBySig', [bySp.id, await signBallots(badge, members.signers, bySp.id)], {
    ...{ items, what: `${BALLOTS} signed ballots for a storage provider's proposal: each asks the miner` },
  })
  const [one, next] = await signBallots(badge, members.signers, alone.id)
  await send(badge.governor, 'castVotesBySig', [alone.id, [one]])
  await send(badge.governor, 'castVotesBySig', [alone.id, [next]], { what: 'one signed ballot alone' })

  let gas = 0n
  for (const { voter, support, signature } of await signPlainBallots(plain, members.signers, byPlain.id)) {
    const sent = await send(plain.governor, 'castVoteBySig', [byPlain.id, support, voter, signature])
    gas += sent.gasUsed
  }
  const what = `${BALLOTS} ballots ${ROUNDS[1]} in ${BALLOTS} transactions: each`
  world.rows.push({ call: 'PlainGovernor.castVoteBySig', what, gas: gas / items, items })
}
