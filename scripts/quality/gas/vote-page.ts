import { MOST_PERCENT } from './dao-batches.ts'
import { BALLOTS } from './dao-houses.ts'
import { BEYOND_PLAIN, type VoteSpending } from './dao.ts'
import { SPENDING_KINDS, type SpendingKind } from './spending.ts'
import type { GasRow } from './world.ts'

/** Snapshot X's votes as its authors give them: by a transaction, by a signature. */
const SNAPSHOT_X = { vote: 43_317n, signed: 49_770n }

const WHAT: Record<SpendingKind, string> = {
  intrinsic: 'the transaction: 21,000, and the bytes of the call',
  newWords: 'a new word: who has voted',
  changedWords: 'a changed word: the tally',
  coldWords: 'words touched first, 2,100 each',
  coldCode: 'other code touched first, 2,600 each',
  logs: 'VoteCast',
  rest: 'computing, calls, words touched again',
}

/** The part of docs/gas.md about votes: where their gas goes, beside OpenZeppelin's Governor and Snapshot X. */
export function renderVotes(spending: VoteSpending, rows: GasRow[]): string {
  const { plain, badge, token } = spending
  const total = (of: VoteSpending['plain']) => SPENDING_KINDS.reduce((sum, kind) => sum + of[kind], 0n)
  const execution = (of: VoteSpending['plain']) => total(of) - of.intrinsic
  const line = (words: string, ...gas: bigint[]) => `| ${words} | ${gas.map(format).join(' | ')} |`
  const costs = (what: string) => rows.find((row) => row.what.startsWith(what))!.gas
  const batch = costs(`one member, one vote: ${BALLOTS} signed ballots of members who have`)
  const looped = costs(`PlainGovernor.castVoteBySig, ${BALLOTS} ballots of members who have`)
  const apart = costs(`${BALLOTS} ballots of members who have`)
  const all = (each: bigint) => format(each * BigInt(BALLOTS))
  return `## A vote

A second vote for a member's proposal, by a transaction. The plain Governor is OpenZeppelin's with the parts that its wizard puts in and an
ERC-20 with votes, neither of them cloned; rules, members, weights and histories are the same in all three columns. A DataDAO's vote costs at
most ${format(BEYOND_PLAIN)} more, or \`npm run check\` fails.

| where the gas goes | plain Governor | one member, one vote | votes by weight |
| --- | ---: | ---: | ---: |
${SPENDING_KINDS.map((kind) => line(WHAT[kind], plain[kind], badge[kind], token[kind])).join('\n')}
${line('**together**', total(plain), total(badge), total(token))}

Words touched first: the Governor's of the proposal, who has voted, the tally, and of the voter's checkpoints their number and the last. A
DataDAO has one more: its late quorum, the storage provider that proposed, the membership. Code touched first: the membership's. A DataDAO and
its membership are ERC-1167 clones, whose code is somewhere else: two touches more. The rest is no dearer, since a DataDAO reads a
proposal's word once and asks its membership for no clock.

A vote for a storage provider's proposal asks the miner whether the voter controls it. Near the deadline a vote reads supply and quorum, until
one of them has found the quorum reached. ${BALLOTS} signed ballots of members who signed before cost ${all(batch)} as a batch; by the plain
Governor ${all(looped)} one by one in one transaction, at most ${MOST_PERCENT} % of which a batch may cost, and ${all(apart)} in ${BALLOTS} transactions. A batch
reads the proposal once, and a ballot's nonce is used up by the vote itself: that somebody has voted is written down anyway.

Snapshot X's own figures are ${format(SNAPSHOT_X.vote)} for a vote and ${format(SNAPSHOT_X.signed)} for one by signature. Its gas tests take the call alone, in a test that
runs: without what every transaction costs (${format(plain.intrinsic)} here), and with what the test touched before already paid. Without the
transaction, everything touched for the first time, the vote above is ${format(execution(badge))} in a DataDAO and ${format(execution(plain))} by the plain Governor, and
a ballot of a batch, whose share of the transaction is small, ${format(batch)}. What lies between, and what it would take to close it:

| what | gas | to close it |
| --- | ---: | --- |
| two ERC-1167 hops | 5,200 | full contracts instead of clones: about 6,500,000 more to create a DAO (200 a byte of code) |
| the DAO's word of the proposal | 2,100 | no late quorum and no bar of the provider that proposed; or counting of one's own, with that word in the tally's |
| a checkpoint beside their number | 2,100 | a token of one's own that keeps the newest checkpoint where their number is |
`
}

const format = (gas: bigint) => gas.toLocaleString('en-US')
