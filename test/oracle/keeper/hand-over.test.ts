import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { perpetualAbi } from '../../../oracle/chain/perpetual.ts'
import { createKeepingStore, type KeepingStore } from '../../../oracle/db/keeping.ts'
import type { Task } from '../../../oracle/keeper/calls.ts'
import { handOver, MAX_TASKS } from '../../../oracle/keeper/hand-over.ts'
import type { Due, Reason } from '../../../oracle/keeper/policy.ts'
import { createWorld, type World } from '../../helpers/executor.ts'
import { PERPETUAL } from '../perpetual/events.ts'

const HEAD = 50_000n
const FEES = { baseFee: 1_000n, tip: 100_000n }
const GAS_EACH = 50_000_000n
/** What one task probably costs: gas · (base fee + tip). */
const LIKELY = GAS_EACH * 101_000n
/** What is set aside for one: half as much gas again, four times the base fee and twice the tip. */
const MOST = (GAS_EACH * 3n * 204_000n) / 2n

const task = (slot: bigint, reason: Reason = 'paid', over: Partial<Due> = {}): Task => ({
  ...{ slot, nonce: 1n, location: '0x820900' },
  due: { reason, claim: 'Active', since: null, stake: 10n * LIKELY, ...over },
})

describe('keeper/handOver', () => {
  let world: World
  let keepings: KeepingStore
  /** Slots of which the chain does nothing now. */
  let impossible: Set<bigint>
  beforeEach(async () => {
    impossible = new Set()
    await begin()
  })
  afterEach(() => world[Symbol.asyncDispose]())

  async function begin(env: Record<string, string> = {}): Promise<void> {
    world = await createWorld(env)
    keepings = createKeepingStore(world.db)
  }

  /** The slots and the least number of calls of a batch. */
  function readBatch(data: string): { slots: bigint[]; minDone: bigint } {
    const [calls, minDone] = perpetualAbi.decodeFunctionData('batch', data) as unknown as [string[], bigint]
    return { slots: calls.map((call) => perpetualAbi.parseTransaction({ data: call })!.args[0] as bigint), minDone }
  }

  const hand = (tasks: Task[]) =>
    handOver(
      {
        ...{ config: world.ctx.config, log: world.ctx.log, keepings, perpetual: { address: PERPETUAL } as never },
        chain: {
          ...world.ctx.chain,
          call: ({ data }) => {
            const done = readBatch(data).slots.map((slot) => !impossible.has(slot))
            return Promise.resolve(perpetualAbi.encodeFunctionResult('batch', [done]))
          },
          estimateGas: ({ data }) => Promise.resolve(GAS_EACH * BigInt(readBatch(data).slots.length)),
          feeData: () => Promise.resolve(FEES),
          getTransactionReceipt: () => Promise.resolve(null),
        },
        sender: {
          ...world.ctx.sender,
          submit: ({ key, to, data, maxCost, expectEvent }) =>
            world.intents.put({ key, from: to, to, data, value: 0n, maxCost, expect: expectEvent }),
          allow: () => Promise.resolve(),
        },
      },
      tasks,
      HEAD,
    )

  /** What was handed over. */
  async function handed() {
    const [keeping] = await keepings.open()
    if (keeping === undefined) return undefined
    const intent = (await world.intents.get(keeping.key))!
    expect(keeping.most).to.equal(intent.maxCost)
    const { slots, minDone } = readBatch(intent.data)
    expect(keeping.slots).to.deep.equal(slots)
    expect(minDone).to.equal(BigInt(slots.length))
    return { slots, most: keeping.most }
  }

  it('sends what is due in one transaction that demands all of it, the most urgent first', async () => {
    await hand([
      task(1n),
      task(2n, 'lapsed', { claim: undefined }),
      task(3n, 'lost'),
      task(4n, 'paid', { stake: 99n * LIKELY }),
    ])

    expect(await handed()).to.deep.equal({ slots: [3n, 4n, 1n, 2n], most: 4n * MOST })
  })

  it('leaves out what the chain would not do now', async () => {
    impossible = new Set([1n, 3n])
    await hand([task(1n), task(2n), task(3n)])

    expect((await handed())?.slots).to.deep.equal([2n])
  })

  it('leaves out what is worth less than its gas', async () => {
    await hand([task(1n, 'paid', { stake: LIKELY }), task(2n, 'paid', { stake: LIKELY - 1n })])

    expect((await handed())?.slots).to.deep.equal([1n])
  })

  it('is not held up by any number of tasks that are impossible or worth nothing', async () => {
    const poor = Array.from({ length: MAX_TASKS }, (_, i) => task(1_000n + BigInt(i), 'faulty', { stake: 1n }))
    const stuck = Array.from({ length: MAX_TASKS }, (_, i) => task(2_000n + BigInt(i), 'lost'))
    impossible = new Set(stuck.map(({ slot }) => slot))
    await hand([...poor, ...stuck, task(7n, 'cut', { claim: undefined })])

    expect((await handed())?.slots).to.deep.equal([7n])
  })

  it('sends no more than the cap pays for: half as many until it does', async () => {
    await world[Symbol.asyncDispose]()
    await begin({ MOORING_KEEPER_CAP: `${3n * MOST - 1n}` })
    await hand([1n, 2n, 3n, 4n].map((slot) => task(slot)))

    expect(await handed()).to.deep.equal({ slots: [1n, 2n], most: 2n * MOST })
  })

  it('counts what was handed over within the day against the cap, and says so when it is used up', async () => {
    await world[Symbol.asyncDispose]()
    await begin({ MOORING_KEEPER_CAP: `${2n * MOST - 1n}` })
    const before = (key: string, epoch: bigint) => keepings.put({ key, epoch, slots: [], calls: [], most: MOST })
    await before('a day ago', HEAD - 2_880n)
    await keepings.close('a day ago', MOST)
    await before('less', HEAD - 2_879n)
    await keepings.close('less', MOST)
    await hand([task(1n)])
    expect(await handed()).to.equal(undefined)
    expect(world.lines.map(({ msg }) => msg)).to.include('slots not kept: MOORING_KEEPER_CAP is used up')

    await keepings.close('less', MOST - 1n)
    await hand([task(1n)])
    expect((await handed())?.slots).to.deep.equal([1n])
  })

  it('never offers more per gas than the gas cap', async () => {
    await world[Symbol.asyncDispose]()
    await begin({ MOORING_GAS_CAP: '150000' })
    await hand([task(1n)])

    expect((await handed())?.most).to.equal(((GAS_EACH * 3n) / 2n) * 150_000n)
  })

  it('sends nothing that the account cannot pay for', async () => {
    world.chain.balance = MOST - 1n
    await hand([task(1n)])

    expect(await handed()).to.equal(undefined)
    expect(world.lines.map(({ msg }) => msg)).to.include('slots not kept: too little money for gas')
  })
})
