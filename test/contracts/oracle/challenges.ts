import { expect } from 'chai'
import {
  ANSWER_STANDING,
  ANSWER,
  ask,
  BURN_ACTOR,
  ethers,
  fail,
  mineUpTo,
  ONE,
  OTHER,
  REASON,
  shareOf,
  STATE,
  TWO,
  vote,
  WINDOW,
  world,
  type World,
} from './world.ts'

/** An odd one, so that half of it is less than the other half. */
export const SLASH = 1_000_001n
export const HALF = 500_000n
export const MIN_BOND = 500_000n
/** More than any challenge here needs, and not to be shared by two. */
export const BOND = 5_000_001n
export const RULING_EPOCHS = 50n
export const STAKE = 10_000_000n

export type Asked = World & { id: bigint; deadline: bigint }

/** A quorum of two, three operators, answers that can be challenged. */
export const three = () => world(2, 3, { windowEpochs: WINDOW, slash: SLASH })

/** The client calls the registry. */
export const act = ({ registry, client }: World, name: 'cancel' | 'conclude' | 'allowEarly', id: bigint) =>
  client.act(registry.interface.encodeFunctionData(name as 'cancel', [id]))

/** Two stages: operators 1 and 2 answered the first; operator 3 dissented, and was first to vote on the second. */
export async function open(): Promise<Asked> {
  const fixture = await three()
  const asked = { ...fixture, ...(await ask(fixture, { job: TWO })) }
  await vote(asked, asked.id, 0, [2], ANSWER)
  await vote(asked, asked.id, 0, [0, 1], OTHER)
  await vote(asked, asked.id, 1, [2], ANSWER)
  return asked
}

/** One stage: operators 1 and 2 answered it, operator 3 dissented. */
export async function answered(): Promise<Asked> {
  const fixture = await three()
  const asked = { ...fixture, ...(await ask(fixture, { job: ONE })) }
  await vote(asked, asked.id, 0, [2], ANSWER)
  await vote(asked, asked.id, 0, [0, 1], OTHER)
  return asked
}

/** Both of two stages: 1 and 2 answered the first, 2 and 3 the second. */
export async function answeredTwice(): Promise<Asked> {
  const fixture = await three()
  const asked = { ...fixture, ...(await ask(fixture, { job: TWO })) }
  await vote(asked, asked.id, 0, [0, 1], OTHER)
  await vote(asked, asked.id, 1, [1, 2], OTHER)
  return asked
}

/** Operators 1 and 2 agreed on a failure, operator 3 dissented. */
export async function failed(): Promise<Asked> {
  const fixture = await three()
  const asked = { ...fixture, ...(await ask(fixture, { job: ONE })) }
  await vote(asked, asked.id, 0, [2], ANSWER)
  await fail(asked, asked.id, 0, [0, 1], REASON.NotFound)
  return asked
}

/** As {@link open}, then taken back. */
export async function cancelled(): Promise<Asked> {
  const asked = await open()
  await act(asked, 'cancel', asked.id)
  return asked
}

/** As {@link open}, then over by its deadline, before the first answer is mature. */
export async function expired(): Promise<Asked> {
  const fixture = await three()
  const asked = { ...fixture, ...(await ask(fixture, { job: TWO, epochs: 20n })) }
  await vote(asked, asked.id, 0, [2], ANSWER)
  await vote(asked, asked.id, 0, [0, 1], OTHER)
  await vote(asked, asked.id, 1, [2], ANSWER)
  await mineUpTo(asked.deadline)
  await asked.registry.refund(asked.id)
  return asked
}

/** Every state in which a request has an answer that can be challenged; the answer is stage 0's. `unsettled`: the fees of that
 * answer, and what of them each of the two operators has. `escrow`: what else goes back when it is undone. */
export const CHALLENGEABLE = [
  { name: 'Open', reach: open, state: STATE.Open, share: 720_000n, escrow: 2_882_880n, ends: true },
  { name: 'Answered', reach: answered, state: STATE.Answered, share: 480_480n, escrow: 0n, ends: true },
  { name: 'Failed', reach: failed, state: STATE.Failed, share: 70_000n, escrow: 0n, ends: true },
  { name: 'Cancelled', reach: cancelled, state: STATE.Cancelled, share: 2_161_440n, escrow: 0n, ends: false },
  { name: 'Expired', reach: expired, state: STATE.Expired, share: 720_000n, escrow: 0n, ends: false },
]

/** Credits of everybody, by role. */
async function credits({ registry, client, stranger, owner, owners }: World) {
  const all: Record<string, bigint> = {
    requester: await registry.creditOf(client),
    challenger: await registry.creditOf(stranger),
    owner: await registry.creditOf(owner),
    sink: await registry.creditOf(BURN_ACTOR),
  }
  for (const [index, operator] of owners.entries()) all[`operator ${index + 1}`] = await registry.creditOf(operator)
  return all
}

/** Who got what credit by `act`, attoFIL; whoever got none is left out. What rests here adds up before and after. */
export async function gains(fixture: World, act: () => Promise<unknown>): Promise<Record<string, bigint>> {
  await expectBooks(fixture)
  const before = await credits(fixture)
  await act()
  const after = await credits(fixture)
  await expectBooks(fixture)
  const changes = Object.keys(after).map((role) => [role, after[role] - before[role]] as const)
  return Object.fromEntries(changes.filter(([, gain]) => gain !== 0n))
}

/** The registry's liabilities are what its views add up to, and its balance. */
export async function expectBooks(fixture: World): Promise<void> {
  const { registry, owners } = fixture
  let sum = Object.values(await credits(fixture)).reduce((total, credit) => total + credit, 0n)
  for (let operatorId = 1; operatorId <= owners.length; operatorId++) {
    const { stake, locked } = await registry.getOperator(operatorId)
    expect(locked <= stake, `operator ${operatorId}: locked ${locked} of ${stake}`).to.equal(true)
    sum += stake
  }
  const requests = await registry.queryFilter(registry.filters.Requested())
  for (const { args } of requests) {
    const { open: challenged, bond } = await registry.getChallenge(args.id)
    sum += (await registry.getRequest(args.id)).escrow + (await unsettled(fixture, args.id)) + (challenged ? bond : 0n)
  }
  expect(await registry.liabilities(), 'liabilities').to.equal(sum)
  expect(await ethers.provider.getBalance(registry), 'balance').to.equal(sum)
}

/** Fees of the answers that stand and are not paid. */
async function unsettled({ registry, rules }: World, id: bigint): Promise<bigint> {
  const { job, stageCount, settled, state, stage: answers } = await registry.getRequest(id)
  const { failureFee } = rules.jobs.find((entry) => entry.job === Number(job))!
  let sum = 0n
  for (let stage = Number(settled); stage < Number(stageCount); stage++) {
    const { standing, ok } = await registry.getAnswer(id, stage)
    if (standing === ANSWER_STANDING.None || standing === ANSWER_STANDING.Undone) continue
    sum += BigInt(rules.quorum) * (ok ? shareOf(rules, Number(job), stage) : failureFee)
    const awaited = stage + 1 === Number(answers) && (await registry.getAnswer(id, answers)).answeredEpoch === 0n
    if (state === STATE.Cancelled && awaited) sum += BigInt(rules.quorum) * shareOf(rules, Number(job), stage + 1)
  }
  return sum
}
