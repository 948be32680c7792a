import { parseEther, toUtf8Bytes } from 'ethers'
import { encodePinnedAnswer } from '../../../oracle/chain/jobs.ts'
import { FAIL_REASONS } from '../../../oracle/errors.ts'
import { JOB } from '../../deploy/edge-provider.ts'
import type { GasWorld, Sending } from './world.ts'

export const CID = '0x01551220' + 'ab'.repeat(32)
export const LINK = toUtf8Bytes('/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWJ7tN8h3vK1o7kqg5K1tGQfZ8u1xwXJpV3P6q7c9oYxJk')
export const MAX_BYTES = 1n << 30n

const BATCH = 20
const PINNED = encodePinnedAnswer(1_000n)
const STAKE = parseEther('100')
const RULING = { upheld: 1, rejected: 2 }

/** What may be spent at most, EVM gas. */
const LIMIT = { request: 150_000n, report: 200_000n, item: 70_000n, refund: 60_000n }

/** Asking, voting, settling, challenging, joining, leaving: pins of the Edge provider, quorum 2 of 3, with a window. */
export async function registryScenario(world: GasWorld): Promise<void> {
  const { registry, edge, arbiter, sample, operators, deployer, requester, send, sendAsking, epoch, mine } = world
  const fee = (await edge.getFunction('quote').staticCall(JOB.pin, MAX_BYTES)) as bigint
  const payload = (await edge.getFunction('encodePin').staticCall(CID, LINK)) as string
  const ask = async (sending: Sending = {}) => {
    const args = [1n, JOB.pin, payload, MAX_BYTES, (await epoch()) + 200n]
    return sendAsking(registry, 'request', args, { value: fee, ...sending })
  }
  const report = (voter: number, id: bigint, what?: string, limit?: bigint) =>
    send(registry, 'report', [id, 0, PINNED], { from: operators[voter]!, what, limit })
  const answered = async (id: bigint) => {
    for (const voter of [1, 2]) await report(voter, id)
    return id
  }
  const challenge = async (id: bigint, what?: string) => {
    const bond = (await registry.getFunction('bondFor').staticCall(id, 0)) as bigint
    await send(registry, 'challenge', [id, 0, toUtf8Bytes('no peer offers it')], { from: requester, value: bond, what })
    return id
  }
  const rule = (id: bigint, ruling: number, what?: string) =>
    send(arbiter, 'vote', [registry, id, 0, ruling], { from: deployer, what })
  const pastWindow = () => mine(10n)

  for (const id of [1n, 2n, 3n]) await send(registry, 'addStake', [id], { value: STAKE }) // for many votes at a time

  // First-ever writes are dearer, and no user's case: one request that is settled, one challenge that is upheld.
  const first = await answered(await ask())
  await pastWindow()
  await send(registry, 'sync', [first])
  await rule(await challenge(await answered(await ask())), RULING.upheld)

  const plain = await ask({ what: 'a pin, 64-byte link; by an account', limit: LIMIT.request })
  await report(1, plain, 'the first vote on a stage', LIMIT.report)
  await report(2, plain, 'completes the stage: quorum 2, window', LIMIT.report)
  await pastWindow()
  await send(registry, 'sync', [plain], { what: 'settles a final answer: pays two operators' })

  const kept = await sendAsking(sample, 'keep', [CID, LINK], { value: fee, what: 'a pin through the sample contract' })
  await answered(kept)
  await pastWindow()
  await send(registry, 'deliver', [kept, 0, PINNED], { what: 'settles a final answer and calls the sample back' })

  const batch: bigint[] = []
  for (let i = 0; i < BATCH; ++i) batch.push(await ask())
  const reports = batch.map((id) => ({ id, stage: 0, ok: true, data: PINNED }))
  for (const [voter, what] of [
    [1, `first votes, ${BATCH} in a batch: each`],
    [2, `complete their stages, ${BATCH} in a batch: each`],
  ] as const) {
    const from = operators[voter]!
    await send(registry, 'reportMany', [reports], { from, what, items: BigInt(BATCH), limit: LIMIT.item })
  }

  const lost = await ask()
  const failure = [lost, 0, FAIL_REASONS.indexOf('NotFound')]
  await send(registry, 'reportFailure', failure, { from: operators[1]! })
  await send(registry, 'reportFailure', failure, {
    from: operators[2]!,
    what: 'ends the request, refunds the rest to credit',
  })
  await send(registry, 'cancel', [await ask()], { what: 'before the first vote' })
  const [expired, voted] = [await ask(), await ask()]
  await report(1, voted)
  await mine(300n)
  await send(registry, 'refund', [expired], { what: 'after the deadline', limit: LIMIT.refund })
  await send(registry, 'refund', [voted], { what: 'after the deadline, one vote unlocked', limit: LIMIT.refund })
  await send(registry, 'withdraw', [], { what: 'a credit to an account' })

  await rule(
    await challenge(await answered(await ask()), 'an answer, 17 bytes of evidence'),
    RULING.upheld,
    'the deciding vote and {resolve}: upheld, two slashed',
  )
  await rule(await challenge(await answered(await ask())), RULING.rejected, 'the deciding vote and {resolve}: rejected')
  const silent = await challenge(await answered(await ask()))
  await mine(40n)
  await send(registry, 'resolve', [silent], { what: 'after the deadline: the arbiter was silent' })

  await send(registry, 'leave', [3n], { from: operators[2]!, what: 'an operator' })
  const newcomer = (await world.connection.ethers.getSigners())[5]!
  const { minStake } = (await registry.getFunction('getConfig').staticCall(1n, 1n)) as unknown as { minStake: bigint }
  const join = [1n, newcomer.address, 'https://operator.example']
  await send(registry, 'join', join, { from: newcomer, value: minStake, what: 'an operator that reports itself' })
}
