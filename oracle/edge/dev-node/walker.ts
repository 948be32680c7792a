import type { Logger } from 'pino'
import { wordsOf } from '../../errors.ts'
import { nextStatus } from './bucket-walk.ts'
import { DealMissed, DealRefused } from './deal-maker.ts'
import type { DealMaker } from './deal-maker.ts'
import { pack } from './packer.ts'
import type { PackContext } from './packer.ts'
import type { BucketChange, BucketRow } from './store.ts'

/** A bucket that has arrived is never due again. */
const NEVER = Number.MAX_SAFE_INTEGER
/** After an RPC failure. */
const RETRY_MS = 1_000
const MAX_PROPOSALS = 5

export interface WalkContext extends PackContext {
  deals: DealMaker
  log: Logger
  clock: () => number
  stepMs: number
}

export interface Walker {
  start(): void
  /** Stops after the work in hand; hashing is broken off and begun again at the next start. */
  stop(): Promise<void>
  /** Takes every bucket that is due one step further. */
  processAll(): Promise<void>
}

/** Moves buckets from `open` to `StorageDealActive`, one status per step; every step may be repeated after a crash. */
export function createWalker(ctx: WalkContext): Walker {
  const { store, deals, log, clock, stepMs } = ctx
  const inHand = new Map<string, Promise<void>>()
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined

  function processAll(): Promise<void> {
    const due = store.dueBuckets().map((bucket) => {
      const running = inHand.get(bucket.uuid) ?? step(bucket).finally(() => inHand.delete(bucket.uuid))
      inHand.set(bucket.uuid, running)
      return running
    })
    return Promise.all(due).then(() => undefined)
  }

  async function step(bucket: BucketRow): Promise<void> {
    const { uuid, status } = bucket
    try {
      const change = await work(bucket)
      log.debug({ bucket: uuid, from: status, ...change }, 'bucket')
    } catch (error) {
      if (!stopping.signal.aborted) afterFailure(bucket, error)
    }
  }

  async function work(bucket: BucketRow): Promise<BucketChange> {
    const { uuid, status } = bucket
    const change: BucketChange = { status: nextStatus(status), due_at: clock() + stepMs, last_message: '' }
    if (status === 'open') change.due_at = clock()
    if (status === 'processing') return fill(uuid, change)
    if (status === 'StorageDealPublishing') Object.assign(change, await publish(bucket))
    if (status === 'StorageDealSealing') {
      await deals.activate(orderKey(bucket), BigInt(bucket.deal_id))
      change.due_at = NEVER
    }
    store.changeBucket(uuid, change)
    return change
  }

  async function fill(uuid: string, change: BucketChange): Promise<BucketChange> {
    const { aggregate, inclusions } = await pack(ctx, uuid, stopping.signal)
    const filled = {
      ...change,
      aggregate_digest: aggregate.digest,
      aggregate_size: Number(aggregate.size),
      due_at: clock() + stepMs,
    }
    store.fillBucket(uuid, filled, inclusions)
    return filled
  }

  async function publish(bucket: BucketRow): Promise<BucketChange> {
    const key = orderKey(bucket)
    const dealId = await deals.publish({
      key,
      piece: { digest: bucket.aggregate_digest!, size: BigInt(bucket.aggregate_size!) },
      providerId: BigInt(bucket.provider_id),
      label: bucket.label ?? key,
    })
    return { deal_id: Number(dealId), deal_uuid: bucket.deal_uuid || crypto.randomUUID(), due_at: clock() + stepMs }
  }

  function afterFailure(bucket: BucketRow, error: unknown): void {
    const message = wordsOf(error)
    log.warn({ bucket: bucket.uuid, status: bucket.status, error: message }, 'a bucket does not move on')

    const another = error instanceof DealMissed && bucket.attempt + 1 < MAX_PROPOSALS
    if (another) {
      const proposed = { attempt: bucket.attempt + 1, deal_id: 0, deal_uuid: '' }
      store.changeBucket(bucket.uuid, {
        ...proposed,
        status: 'transfer-finished',
        due_at: clock() + stepMs,
        last_message: message,
      })
    } else if (error instanceof DealMissed || error instanceof DealRefused) {
      store.changeBucket(bucket.uuid, { status: 'error', due_at: NEVER, last_message: message })
    } else {
      store.changeBucket(bucket.uuid, { due_at: clock() + RETRY_MS, last_message: message })
    }
  }

  return {
    start() {
      timer = setInterval(() => void processAll(), Math.max(10, Math.ceil(stepMs / 4)))
    },
    async stop() {
      clearInterval(timer)
      stopping.abort()
      await Promise.all(inHand.values())
    },
    processAll,
  }
}

function orderKey({ uuid, attempt }: BucketRow): string {
  return attempt === 0 ? uuid : `${uuid}-${attempt}`
}
