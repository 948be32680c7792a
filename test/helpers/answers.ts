import { AbiCoder, keccak256 } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { connect } from './network.ts'
import type { Service } from './registry.ts'

const { ethers, networkHelpers } = await connect()
const coder = AbiCoder.defaultAbiCoder()

/** What operators vote on: {IOracleRequests-AnswerView}. */
export const answerHash = (ok: boolean, data: string): string => keccak256(coder.encode(['bool', 'bytes'], [ok, data]))

/** The data of a failure, as callbacks and {deliver} take it. */
export const failureData = (reason: bigint): string => coder.encode(['uint8'], [reason])

export const now = async (): Promise<bigint> => BigInt(await ethers.provider.getBlockNumber())

/** The request that was made last. */
export async function lastRequest({ registry }: Pick<Service, 'registry'>): Promise<bigint> {
  const events = await registry.queryFilter(registry.filters.Requested())
  return events.at(-1)!.args.id
}

/** Each of `voters` (indices) votes for `data`. Returns the last transaction. */
export async function vote(
  { registry, reporters }: Service,
  id: bigint,
  stage: number,
  voters: number[],
  data: string,
) {
  const all = []
  for (const voter of voters) all.push(await registry.connect(reporters[voter]).report(id, stage, data))
  return all.at(-1)!
}

/** As {@link vote}, for a failure. */
export async function voteFailure(
  { registry, reporters }: Service,
  id: bigint,
  stage: number,
  voters: number[],
  reason: bigint,
) {
  const all = []
  for (const voter of voters) all.push(await registry.connect(reporters[voter]).reportFailure(id, stage, reason))
  return all.at(-1)!
}

const quorumOf = ({ rules }: Service): number[] => Array.from({ length: rules.quorum }, (_, index) => index)

/** The first operators, as many as make the quorum, answer a stage. Returns the transaction that made it. */
export const answer = (service: Service, id: bigint, stage: number, data: string) =>
  vote(service, id, stage, quorumOf(service), data)

/** They agree that the request cannot be served. */
export const fail = (service: Service, id: bigint, stage: number, reason: bigint) =>
  voteFailure(service, id, stage, quorumOf(service), reason)

/** Mines up to the last epoch at which the answer can be challenged: the next transaction finds it final. */
export async function mature({ registry }: Pick<Service, 'registry'>, id: bigint, stage: number): Promise<void> {
  const { matureEpoch } = await registry.getAnswer(id, stage)
  if (matureEpoch > (await now())) await networkHelpers.mineUpTo(matureEpoch)
}

/** Has the registry make the callback of an answer that is final, or becomes it by waiting. */
export async function deliver(service: Service, id: bigint, stage: number, data: string) {
  await mature(service, id, stage)
  return service.registry.deliver(id, stage, data)
}

/** {@link answer}, then whatever it takes to have it delivered: nothing more where answers are final at their quorum. */
export async function answerFinally(service: Service, id: bigint, stage: number, data: string) {
  const answered = await answer(service, id, stage, data)
  return service.rules.windowEpochs === 0 ? answered : deliver(service, id, stage, data)
}

/** {@link fail}, delivered. */
export async function failFinally(service: Service, id: bigint, stage: number, reason: bigint) {
  const failed = await fail(service, id, stage, reason)
  return service.rules.windowEpochs === 0 ? failed : deliver(service, id, stage, failureData(reason))
}

/** Challenges an answer with the least bond, unless another is given. */
export async function challenge(
  { registry }: Pick<Service, 'registry'>,
  id: bigint,
  stage: number,
  from: HardhatEthersSigner,
  { bond, evidence = '0x' }: { bond?: bigint; evidence?: string } = {},
) {
  return registry.connect(from).challenge(id, stage, evidence, { value: bond ?? (await registry.bondFor(id, stage)) })
}

/** The arbiter rules on the open challenge, and has the registry read it. */
export const rule = ({ registry, arbiter }: Service, id: bigint, stage: number, ruling: bigint) =>
  arbiter.rule(registry, id, stage, ruling)

/** Lets the arbiter's time pass and closes the challenge by its silence. */
export async function fallSilent({ registry }: Pick<Service, 'registry'>, id: bigint) {
  const { deadlineEpoch } = await registry.getChallenge(id)
  await networkHelpers.mineUpTo(deadlineEpoch)
  return registry.resolve(id)
}
