import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getBytes, hexlify } from 'ethers'
import { parseConfig, readEnv, type Config } from '../../oracle/config.ts'
import type { Context } from '../../oracle/context.ts'
import type { AnswerView, ChallengeView, RequestView } from '../../oracle/chain/contracts.ts'
import { pinningAbi, registryAbi } from '../../oracle/chain/contracts.ts'
import {
  JOB,
  answerHash,
  encodePinPayload,
  encodeStorePayload,
  type StatusAnswer,
  type StorePayload,
} from '../../oracle/chain/jobs.ts'
import { CallReverted } from '../../oracle/chain/rpc.ts'
import { createIntentStore, type IntentState, type IntentStore } from '../../oracle/db/intent.ts'
import { openDatabase, type Database } from '../../oracle/db/open.ts'
import { createAnswerStore } from '../../oracle/db/answer.ts'
import { createKeptPieceStore } from '../../oracle/db/kept-piece.ts'
import { createRetrievalStore } from '../../oracle/db/retrieval.ts'
import { createSlotDealStore } from '../../oracle/db/slot-deal.ts'
import { createDisputeStore } from '../../oracle/db/dispute.ts'
import { createSlotStore } from '../../oracle/db/slot.ts'
import { createStorageOrderStore } from '../../oracle/db/storage-order.ts'
import { createPerpetualRequestStore } from '../../oracle/db/perpetual-request.ts'
import { createReplicaStore } from '../../oracle/db/replica.ts'
import {
  createRequestStore,
  type ActiveState,
  type Claimed,
  type Findings,
  type NewRequest,
} from '../../oracle/db/request.ts'
import type { EdgeClient, EdgeContent, EdgeStatus, UploadOptions } from '../../oracle/edge/client.ts'
import { EdgeContentUnknown } from '../../oracle/edge/errors.ts'
import { createLogger } from '../../oracle/logger.ts'
import type { Topic } from '../../oracle/queue/queue.ts'
import { ownAnswer } from '../../oracle/steps/own-answer.ts'
import type { Work } from '../../oracle/steps/step.ts'

export const REGISTRY = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
export const PINNING = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
export const EDGE_PROVIDER = '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0'
export const REPORTER = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
export const USER = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
export const OPERATOR_ID = 7n
export const OWNER = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
export const EDGE_URL = 'http://edge.example'
/** The block of every request of {@link newRequest}. */
export const BLOCK = {
  ...{ number: 100n, hash: '0x' + 'b1'.repeat(32), parentHash: '0x' + 'b0'.repeat(32) },
  ...{ timestamp: 1_700_000_000n, baseFee: 1n },
}

const ENV = {
  MOORING_RPC_URL: 'http://127.0.0.1:1',
  MOORING_CHAIN_ID: '31415926',
  MOORING_REGISTRY: REGISTRY,
  MOORING_PINNING: PINNING,
  MOORING_EDGE_PROVIDER: EDGE_PROVIDER,
  MOORING_PROVIDER_ID: '1',
  MOORING_REPORTER_KEY: '0x' + '11'.repeat(32),
  MOORING_EDGE_URLS: EDGE_URL,
  MOORING_EDGE_KEYS: 'key',
  MOORING_MINERS: 't01000,t01001,t01002',
  MOORING_ALLOW_PRIVATE: '1',
  MOORING_MAX_ATTEMPTS: '3',
  MOORING_RETRY_BASE_MS: '1',
}

const NO_ANSWER: AnswerView = {
  ...{ answerHash: '0x' + '00'.repeat(32), answeredEpoch: 0n, matureEpoch: 0n },
  ...{ ok: false, standing: 'None', delivery: 'None' },
}

/** A chain of which a test says what it shows. */
export class ScriptedChain {
  head = 110n
  block: typeof BLOCK | null = BLOCK
  view: RequestView = {
    ...{ requester: PINNING, state: 'Open', stage: 0, settled: 0, challenged: false, deadlineEpoch: 5_000n },
  }
  /** What is answered, by stage; where there is nothing: no quorum. */
  answers = new Map<number, Partial<AnswerView>>()
  /** Owners of the operators that agreed, the same for every stage. */
  agreeing: string[] = []
  assignee = OPERATOR_ID
  joinedEpoch = 50n
  /** The reporter's, attoFIL. */
  balance = 100n * 10n ** 18n
  challenge: ChallengeView = {
    ...{ challenger: '0x' + '00'.repeat(20), stage: 0, open: false, ruling: 'None', deadlineEpoch: 0n, bond: 0n },
  }
  bond = 2n * 10n ** 18n
  /** What the market actor shows of any deal. */
  deal: Omit<StatusAnswer, 'dealId'> = {
    ...{ state: 'Active', providerId: 1000n, pieceDigest: new Uint8Array(32), pieceSize: 2048n },
    ...{ activatedEpoch: 5n, startEpoch: 6n, endEpoch: 600_000n },
  }
  voted = new Set<number>()
  /** What `complete` reverts with when it is simulated; nothing: it goes through. */
  refusal: { name: string; args: unknown[] } | undefined
  /** Functions of the registry that revert when they are simulated. */
  reverts = new Set<string>()
  calls: { to: string; data: string; from?: string }[] = []
  /** Thrown by every question while it is set. */
  broken: Error | undefined

  answer<T>(value: () => T): Promise<T> {
    return this.broken ? Promise.reject(this.broken) : Promise.resolve().then(value)
  }

  call(call: { to: string; data: string; from?: string }): Promise<string> {
    return this.answer(() => {
      this.calls.push(call)
      if (this.refusal) {
        throw new CallReverted('execution reverted', pinningAbi.encodeErrorResult(this.refusal.name, this.refusal.args))
      }
      const name = registryAbi.parseTransaction(call)?.name
      if (name && this.reverts.has(name)) throw new CallReverted('execution reverted', '0x')
      return '0x'
    })
  }
}

/** An Edge node of which a test says what it answers. Contents are numbered from 1. */
export class ScriptedEdge implements EdgeClient {
  readonly url: string
  uploads: { file: string; name: string; miners: string[]; label?: string }[] = []
  lookups = 0
  contents: (EdgeContent & { name?: string })[] = []
  statuses = new Map<string, Partial<EdgeStatus>>()
  /** Thrown by every call while it is set. */
  broken: Error | undefined
  /** Called when an upload has arrived, before it is answered. */
  onUpload: () => void = () => {}

  constructor(url = EDGE_URL) {
    this.url = url
  }

  #answer<T>(value: () => T): Promise<T> {
    return this.broken ? Promise.reject(this.broken) : Promise.resolve().then(value)
  }

  ping(): Promise<void> {
    return this.#answer(() => undefined)
  }

  addCar(file: string, name: string, { miners, label }: UploadOptions): Promise<EdgeContent[]> {
    return this.#answer(() => {
      this.uploads.push({ file, name, miners, ...(label !== undefined && { label }) })
      const added = miners.map((miner, i) => ({ contentId: `${this.contents.length + i + 1}`, cid: 'cid', miner }))
      this.contents.push(...added)
      this.onUpload()
      return added
    })
  }

  findByCid(): Promise<EdgeStatus[]> {
    return this.#answer(() => {
      this.lookups++
      return this.contents.map((content) => this.#status(content))
    })
  }

  status(contentId: string): Promise<EdgeStatus> {
    return this.#answer(() => {
      const content = this.contents.find((each) => each.contentId === contentId)
      if (!content) throw new EdgeContentUnknown(`content ${contentId} is not known`)
      return this.#status(content)
    })
  }

  #status(content: EdgeContent): EdgeStatus {
    return { name: '', ...content, state: 'pending', stateText: 'pinned', ...this.statuses.get(content.contentId) }
  }
}

export interface World {
  ctx: Context
  db: Database
  intents: IntentStore
  chain: ScriptedChain
  edge: ScriptedEdge
  /** Lines of the log. */
  lines: Record<string, unknown>[]
  /** Those with an event name. */
  told: Record<string, unknown>[]
  nudges: [Topic, string][]
  clock: { now: number }
  dir: string
  /** Stores a request in `state` and gives it as a step gets it. */
  claimed(state: ActiveState, request?: Partial<NewRequest>, findings?: Findings): Promise<Work>
  /** The operators answered a stage of the request, and that is believed: as this operator would, unless other data is given. */
  answered(request: Claimed, stage: number, data?: Uint8Array): Promise<void>
  /** Puts an intent into a state, as the sender would. */
  settle(key: string, state: IntentState, error?: { name: string }): Promise<void>
  /** The intent's call, decoded. */
  wanted(key: string): Promise<{ name: string; args: unknown[]; to: string } | undefined>
  [Symbol.asyncDispose](): Promise<void>
}

/** A step's world: a real database in memory, the real stores and configuration; chain and Edge node scripted. */
export async function createWorld(env: Record<string, string> = {}, parts: Partial<Context> = {}): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'mooring-steps-'))
  const config: Config = parseConfig(readEnv({ ...ENV, MOORING_DATA: dir, ...env }))
  const db = await openDatabase(':memory:')
  const clock = { now: 1_000_000 }
  const now = () => clock.now
  const requests = createRequestStore(db, now)
  const intents = createIntentStore(db, now)
  const chain = new ScriptedChain()
  const edge = new ScriptedEdge()
  const lines: Record<string, unknown>[] = []
  const told: Record<string, unknown>[] = []
  const nudges: [Topic, string][] = []
  const log = createLogger('info', {
    write: (line) => {
      const entry = JSON.parse(line) as Record<string, unknown>
      lines.push(entry)
      if (entry.event) told.push(entry)
    },
  })
  const ctx: Context = {
    config,
    log,
    requests,
    perpetualRequests: createPerpetualRequestStore(db, now),
    replicas: createReplicaStore(db, now),
    answers: createAnswerStore(db, now),
    disputes: createDisputeStore(db, now),
    orders: createStorageOrderStore(db, now),
    slots: createSlotStore(db, now),
    pieces: createKeptPieceStore(db, now),
    slotDeals: createSlotDealStore(db, now),
    retrievals: createRetrievalStore(db, now),
    queue: { publish: (topic, id) => Promise.resolve(void nudges.push([topic, id])) },
    chain: {
      blockNumber: () => chain.answer(() => chain.head),
      getBlock: () => chain.answer(() => chain.block),
      getBalance: () => chain.answer(() => chain.balance),
      call: (call) => chain.call(call),
    },
    contracts: {
      registry: REGISTRY,
      pinning: PINNING,
      edgeProvider: EDGE_PROVIDER,
      requestView: () => chain.answer(() => chain.view),
      answerView: (_id, stage) => chain.answer(() => ({ ...NO_ANSWER, ...chain.answers.get(stage) })),
      pinningView: () => chain.answer(() => ({ state: 'Packed', reward: 90n })),
      agreeing: () => chain.answer(() => chain.agreeing),
      challengeView: () => chain.answer(() => chain.challenge),
      bondFor: () => chain.answer(() => chain.bond),
      assigneeOf: () => chain.answer(() => chain.assignee),
      ownerOf: () => chain.answer(() => OWNER),
      joinedEpochOf: () => chain.answer(() => chain.joinedEpoch),
      operatorOf: () => chain.answer(() => OPERATOR_ID),
      providerOf: () => chain.answer(() => 1n),
      hasVoted: (_id, stage) => chain.answer(() => chain.voted.has(stage)),
      dealStatus: (dealId) => chain.answer(() => ({ dealId, ...chain.deal })),
    },
    perpetual: null,
    locator: null,
    sender: {
      address: REPORTER,
      submit: ({ key, to, data, value = 0n, expectEvent }) =>
        intents.put({ key, from: REPORTER, to, data, value, expect: expectEvent }),
      status: (key) => intents.get(key),
      recheckAbove: (blockNumber, tx) => intents.reopenAbove(blockNumber, tx),
    },
    ipfs: {
      fetchDag: () => Promise.reject(new Error('no IPFS in this test')),
      fetchUrl: () => Promise.reject(new Error('no IPFS in this test')),
      exportCar: () => Promise.reject(new Error('no IPFS in this test')),
    },
    edges: [edge],
    operatorId: OPERATOR_ID,
    leaseOwner: 'test',
    ...parts,
  }

  return {
    ...{ ctx, db, intents, chain, edge, lines, told, nudges, clock, dir },

    async claimed(state, request = {}, findings = {}) {
      const row = newRequest(request)
      await requests.insert(row)
      const lease = { owner: ctx.leaseOwner, ms: 1_000 }
      await requests.claim(row.id, ['requested'], lease, 999)
      await requests.move(row.id, 'requested', ctx.leaseOwner, { to: state, dueInMs: 0, findings })
      const claimed = (await requests.claim(row.id, [state], lease, 999)) as Claimed
      const { view, head } = chain
      return { request: claimed, view, head, deadlineNear: false, signal: new AbortController().signal }
    },

    async answered(request, stage, data = ownAnswer(request, stage)!) {
      const hash = answerHash(true, data)
      const heard = { ok: true, data, answerHash: hash, answeredBlock: 104n, matureEpoch: 107n }
      await ctx.answers.put({ requestId: request.id, stage, ...heard })
      chain.view = { ...chain.view, stage: stage + 1 }
    },

    async settle(key, state, error) {
      const words = error && JSON.stringify({ message: `${error.name}()`, name: error.name })
      await db.updateTable('intent').set({ state, error: words }).where('key', '=', key).execute()
    },

    async wanted(key) {
      const intent = await intents.get(key)
      if (!intent) return undefined
      const { name, args } = (intent.to === REGISTRY ? registryAbi : pinningAbi).parseTransaction(intent)!
      return { name, args: args.toArray(true), to: intent.to }
    },

    async [Symbol.asyncDispose]() {
      await db.destroy()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export const CID_BYTES: Uint8Array = getBytes('0x01551220' + 'c1'.repeat(32))
export const NO_LINK: Uint8Array = new Uint8Array()

export function storePayload(terms: Partial<StorePayload> = {}): Uint8Array {
  return encodeStorePayload({
    ...{ cid: CID_BYTES, fetchLink: NO_LINK, replicas: 2, minTermEpochs: 518_400n, allowExistingDeals: false },
    ...terms,
  })
}

export const pinPayload = (cid = CID_BYTES, fetchLink = NO_LINK) => encodePinPayload({ cid, fetchLink })

/** What a *Requested* log says: by default a store request of two replicas with a far deadline. */
export function newRequest(over: Partial<NewRequest> = {}): NewRequest {
  return {
    id: '12',
    providerId: 1n,
    requester: USER,
    job: JOB.STORE,
    payload: storePayload(),
    maxBytes: 1n << 20n,
    deadlineEpoch: 5_000n,
    blockNumber: BLOCK.number,
    blockHash: BLOCK.hash,
    txHash: hexlify(new Uint8Array(32).fill(0x77)),
    logIndex: 0,
    ...over,
  }
}
