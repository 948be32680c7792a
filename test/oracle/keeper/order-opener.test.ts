import { expect } from 'chai'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { createChainClient } from '../../../oracle/chain/client.ts'
import { CONTRACT_ERRORS } from '../../../oracle/chain/contract-errors.ts'
import { createContracts } from '../../../oracle/chain/contracts.ts'
import { createSender, type Sender } from '../../../oracle/chain/sender.ts'
import { createWatcher, type Watcher } from '../../../oracle/chain/watcher.ts'
import { createCursorStore } from '../../../oracle/db/cursor.ts'
import { createIntentStore } from '../../../oracle/db/intent.ts'
import { createKeepingStore } from '../../../oracle/db/keeping.ts'
import { AGAIN_EPOCHS, delayOf } from '../../../oracle/keeper/find.ts'
import type { Keeper } from '../../../oracle/keeper/keeper.ts'
import { createOrderOpener } from '../../../oracle/keeper/order-opener.ts'
import { createIntake } from '../../../oracle/steps/intake.ts'
import { LOCAL_KEYS } from '../../../scripts/local/keys.ts'
import {
  answer,
  challengeable,
  deliver,
  ethers,
  mature,
  networkHelpers,
  pack,
  packedAnswer,
  PIECE,
  pinnedAnswer,
  RAAS_TERM,
  STAGE,
  STATE,
  submit,
  submitRaaS,
  world as contracts,
  type World as Contracts,
} from '../../contracts/pinning/world.ts'
import { silent } from '../../helpers/chain.ts'
import { createWorld, OPERATOR_ID, type World } from '../../helpers/executor.ts'
import { onChain } from '../../helpers/podsi.ts'
import { serveNetwork, type ServedNetwork } from '../../helpers/served-network.ts'

const { loadFixture, mine, setBalance, takeSnapshot } = networkHelpers

/** Two replicas at 10⁹ attoFIL an epoch: worth more than any gas. */
const ESCROW = 2n * RAAS_TERM * 10n ** 9n
const REPORTERS = LOCAL_KEYS.operators.map(({ reporter }) => reporter)

/** An executor of its own, as far as orders of requests go. */
interface Operator {
  reporter: string
  /** Transactions of its reporter at the beginning. */
  begun: number
  world: World
  watcher: Watcher
  sender: Sender
  opener: Keeper
}

describe('keeper/order-opener', function () {
  this.timeout(60_000)
  let served: ServedNetwork
  let w: Contracts
  let operators: Operator[]
  before(async () => void (served = await serveNetwork()))
  after(() => served.stop())
  beforeEach(async () => {
    w = await loadFixture(contracts)
    operators = []
  })
  afterEach(async () => {
    for (const { world } of operators) await world[Symbol.asyncDispose]()
  })

  /** Operator number `index` begins to follow; its turn is after that of the one before. */
  async function begin(env: Record<string, string> = {}, index = 0): Promise<Operator> {
    const client = createChainClient({ urls: [served.url], log: silent })
    const [registry, pinning] = [await w.registry.getAddress(), await w.pinning.getAddress()]
    const read = createContracts(client, { registry, pinning, edgeProvider: registry })
    const operatorId = OPERATOR_ID + BigInt(index)
    const world = await createWorld(env, { chain: client, contracts: read, operatorId })
    await setBalance(REPORTERS[index].address, 100n * 10n ** 18n)
    const watcher = createWatcher({
      ...createIntake(world.ctx),
      ...{ client, cursors: createCursorStore(world.db), addresses: [registry, pinning] },
      ...{ confirmations: 0, startBlock: 0n, jumps: true, log: silent },
    })
    const reporter = REPORTERS[index].address
    const begun = await count(reporter)
    const operator = { reporter, begun, world, watcher, ...executor(world, client, index) }
    operators.push(operator)
    return operator
  }

  /** A new process's opener and sender, on the database as it is. */
  function executor(world: World, client: ReturnType<typeof createChainClient>, index: number) {
    const intents = createIntentStore(world.db)
    const { gasCap } = world.ctx.config
    const key = REPORTERS[index].privateKey
    const sender = createSender({ client, key, intents, confirmations: 1, gasCap, abi: CONTRACT_ERRORS, log: silent })
    const keepings = createKeepingStore(world.db)
    return { sender, opener: createOrderOpener({ ...world.ctx, chain: client, sender, keepings }, { everyMs: 1_000 }) }
  }

  /** So many looks of all operators at the same time, an epoch each. */
  async function looks(times = 30): Promise<void> {
    for (let i = 0; i < times; i++) {
      for (const { watcher } of operators) await watcher.processAll()
      for (const { opener } of operators) await opener.processAll()
      for (const { sender } of operators) await sender.processAll()
      await mine()
    }
  }

  const ask = async (escrow = ESCROW) => (await submitRaaS(w, { escrow })).id
  const asked = async () => {
    const id = await ask()
    await pack(w, id)
    return id
  }
  const row = ({ world }: Operator, id: bigint) => world.ctx.perpetualRequests.get(`${id}`)
  const told = (event: string) => operators.map(({ world }) => world.told.filter((entry) => entry.event === event))
  const opened = () => w.pinning.queryFilter(w.pinning.filters.Ordered())
  /** Transactions that each operator's reporter has sent since the beginning. */
  const sent = () => Promise.all(operators.map(async ({ reporter, begun }) => (await count(reporter)) - begun))
  const count = (reporter: string) => ethers.provider.getTransactionCount(reporter)
  const stateOf = async (id: bigint) => (await w.pinning.getRequest(id)).state

  it('opens the order of a request once its Packed is final and delivered, and the rows show it', async () => {
    w = await loadFixture(challengeable)
    const operator = await begin()
    const id = await ask()
    await answer(w, id, STAGE.pinned, pinnedAnswer())
    await deliver(w, id, STAGE.pinned, pinnedAnswer())
    const packed = packedAnswer(onChain(PIECE))
    await answer(w, id, STAGE.packed, packed)
    await looks(10)
    await mature(w, id, STAGE.packed)
    await looks(5)
    expect(await row(operator, id)).to.include({ orderId: null, endedBlock: null })
    expect(await operator.world.ctx.perpetualRequests.orderable(), 'final, but not delivered').to.deep.equal([])

    await w.registry.deliver(id, STAGE.packed, packed)
    await looks()

    const [event] = await opened()
    const { orderId, client, deposit } = event.args
    expect([event.args.id, orderId, client, deposit]).to.deep.equal([id, 1n, w.requester.address, ESCROW])
    expect(await row(operator, id)).to.deep.include({ orderId: 1n, endedBlock: BigInt(event.blockNumber) })
    const order = await w.perpetual.getOrder(1n)
    expect([order.client, order.free, order.replicas]).to.deep.equal([w.requester.address, ESCROW, 2n])
    expect(told('order-opening')[0].map(({ requestId }) => requestId)).to.deep.equal([`${id}`])
    const [ordered] = told('ordered')[0]
    expect(ordered).to.include({ requestId: `${id}`, orderId: '1', deposit: `${ESCROW}` })
    const [kept] = told('order-kept')[0] as { cost: string; transaction: string }[]
    expect(kept.transaction).to.equal(event.transactionHash)
    const spent = await createKeepingStore(operator.world.db).spentSince(0n, 'order')
    expect(spent).to.equal(BigInt(kept.cost))
    expect(await sent()).to.deep.equal([1])
  })

  it('takes turns with other operators: one pays, each row shows it', async () => {
    const [first, second] = [await begin({}, 0), await begin({}, 1)]
    const id = await asked()
    await looks(40)

    expect(await opened()).to.have.lengthOf(1)
    const turns = [first, second].map(({ world }) => delayOf(world.ctx.operatorId, id))
    expect(await sent()).to.deep.equal(turns[0] < turns[1] ? [1, 0] : [0, 1])
    expect(told('order-opening').map(({ length }) => length)).to.deep.equal(await sent())
    for (const operator of [first, second]) expect(await row(operator, id)).to.include({ orderId: 1n })
  })

  it('sends nothing where somebody was quicker than its rows', async () => {
    const operator = await begin()
    const id = await asked()
    await operator.watcher.processAll()
    await w.pinning.openOrder(id) // the rows do not know yet
    for (let i = 0; i < 40; i++) {
      await operator.opener.processAll()
      await mine()
    }

    expect(await operator.world.ctx.perpetualRequests.orderable()).to.deep.equal([`${id}`])
    expect(told('order-opening')).to.deep.equal([[]])
    expect(operator.world.lines.filter(({ level }) => Number(level) >= 40)).to.deep.equal([])
    await looks(2)
    expect(await row(operator, id)).to.include({ orderId: 1n })
    expect(await operator.world.ctx.perpetualRequests.orderable()).to.deep.equal([])
  })

  it('leaves alone what its requester has cancelled, and what was never asked to go on', async () => {
    const operator = await begin()
    const cancelled = await asked()
    await w.pinning.connect(w.requester).cancel(cancelled)
    const { id: other } = await submit(w)
    await pack(w, other)
    await looks()

    expect(await row(operator, other)).to.equal(undefined)

    expect(await row(operator, cancelled)).to.include({ orderId: null })
    expect((await row(operator, cancelled))!.endedBlock! > 0n).to.equal(true)
    expect(await operator.world.ctx.perpetualRequests.orderable()).to.deep.equal([])
    expect(await stateOf(cancelled)).to.equal(STATE.Cancelled)
    expect(await sent()).to.deep.equal([0])
  })

  it('does not pay more gas than the order is worth', async () => {
    await begin()
    const [poor, rich] = [await ask(2n * RAAS_TERM), await ask()]
    for (const id of [poor, rich]) await pack(w, id)
    await looks(60)

    expect(await stateOf(poor)).to.equal(STATE.Packed)
    expect(await stateOf(rich)).to.equal(STATE.Ordered)
  })

  it('keeps within the half of the daily cap that is not for slots', async () => {
    const operator = await begin()
    const before = await takeSnapshot()
    const id = await asked()
    await looks()
    const [{ most }] = told('order-opening')[0] as { most: string }[]
    await operator.world[Symbol.asyncDispose]()
    operators = []

    await before.restore()
    const capped = await begin({ MOORING_KEEPER_CAP: most })
    await asked()
    await looks()
    expect([await stateOf(id), await sent()]).to.deep.equal([STATE.Packed, [0]])
    const words = capped.world.lines.map(({ msg }) => String(msg))
    expect(words).to.include('order not opened: MOORING_KEEPER_CAP is used up, or the half of it that is not for slots')
  })

  it('killed between its decision and the chain, goes on with what it had handed over', async () => {
    const operator = await begin()
    await asked()
    for (let i = 0; i < 20 && told('order-opening')[0].length === 0; i++) {
      await operator.watcher.processAll()
      await operator.opener.processAll()
      await mine()
    }
    const client = createChainClient({ urls: [served.url], log: silent })
    operators = [{ ...operator, ...executor(operator.world, client, 0) }]
    await looks()

    expect(await opened()).to.have.lengthOf(1)
    expect([told('order-opening')[0].length, told('order-kept')[0].length]).to.deep.equal([1, 1])
    expect(await sent()).to.deep.equal([1])
  })

  it('opens anew what a reorg took back, by the same transaction', async () => {
    const operator = await begin()
    const id = await asked()
    const before = await takeSnapshot()
    for (let i = 0; i < 30 && (await stateOf(id)) !== STATE.Ordered; i++) await looks(1)
    await looks(3)
    expect(await row(operator, id)).to.include({ orderId: 1n })

    await before.restore()
    await mine(40)
    await operator.watcher.processAll()
    expect(await row(operator, id)).to.include({ orderId: null, endedBlock: null })
    await looks(Number(AGAIN_EPOCHS) + 30)

    expect(await row(operator, id)).to.include({ orderId: 1n })
    expect([(await opened()).length, told('order-opening')[0].length]).to.deep.equal([1, 1])
  })
})
