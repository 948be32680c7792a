import { z } from 'zod'
import { ConfigError } from '../../errors.ts'

export interface DevNodeConfig {
  /** 0 = any free port. */
  port: number
  dataDir: string
  apiKeys: string[]
  /** JSON-RPC of the local chain. */
  rpcUrl: string
  /** Private key of the miners' worker: publishes and activates the deals. */
  spKey: string
  /** Actor ids of the miners that deals are made with; the first is taken where an upload names none. */
  miners: bigint[]
  /** A bucket is closed when its CARs have this many bytes together … */
  bucketBytes: number
  /** … or when it has been open for this long, ms. */
  bucketAgeMs: number
  /** Time between two statuses of a deal, ms. */
  stepMs: number
  /** A deal starts this many epochs after it is proposed, and must be activated before. */
  startEpochs: number
  /** What the miners do for PerpetualStorage; nothing without it. */
  perpetual?: PerpetualSettings
}

/** How miners take slots of PerpetualStorage by themselves. */
export interface PerpetualSettings {
  /** Address of PerpetualStorage. */
  address: string
  /** Which of the node's miners claim slots. */
  miners: bigint[]
  /** The least pay for which a slot is claimed, attoFIL per epoch. */
  minPrice: bigint
  /** The largest piece, padded bytes. */
  maxPieceBytes: bigint
  /** Base URLs of executors that serve pieces (MOORING_HTTP_URL); the order's seed is tried after them. */
  pieceUrls: string[]
  /** How long a claim waits for an upload that is labelled with it, before the node makes the deal by itself, ms. */
  sealAfterMs: number
  /** Time between two looks at the contract, ms. */
  pollMs: number
}

const list = z.string().transform((text) => text.split(',').filter(Boolean))
const whole = (min: number) =>
  z.string().regex(/^\d+$/, 'expected a whole number').transform(Number).pipe(z.number().min(min).safe())
const amount = z
  .string()
  .regex(/^\d{1,78}$/, 'expected a whole number')
  .transform(BigInt)

const schema = z.object({
  EDGE_PORT: whole(0).pipe(z.number().max(65535)).default(1414),
  EDGE_DATA: z.string().min(1),
  EDGE_API_KEYS: list.pipe(z.array(z.string()).min(1)),
  EDGE_RPC_URL: z.url({ protocol: /^https?$/ }),
  EDGE_SP_KEY: z.string().regex(/^0x[0-9a-f]{64}$/i, 'expected 0x and 64 hexadecimal digits'),
  EDGE_MINERS: list.pipe(z.array(z.string().transform(toMinerId)).min(1)),
  EDGE_BUCKET_BYTES: whole(1).default(1_048_576_000),
  EDGE_BUCKET_AGE_MS: whole(0).default(5_000),
  EDGE_STEP_MS: whole(1).default(400),
  EDGE_START_EPOCHS: whole(2).default(240),
  EDGE_PERPETUAL: z
    .string()
    .regex(/^0x[0-9a-f]{40}$/i, 'expected an address')
    .optional(),
  EDGE_PERPETUAL_MINERS: list.pipe(z.array(z.string().transform(toMinerId)).min(1)).optional(),
  EDGE_PERPETUAL_MIN_PRICE: amount.default(1n),
  EDGE_PERPETUAL_MAX_BYTES: amount.default(2n ** 35n),
  EDGE_PERPETUAL_PIECES: list.pipe(z.array(z.url({ protocol: /^https?$/ }))).default([]),
  EDGE_PERPETUAL_SEAL_AFTER_MS: whole(0).default(0),
  EDGE_PERPETUAL_POLL_MS: whole(1).default(1_000),
})

/** Checks the environment; all faults are told at once, values are not repeated (one of them is a key). @throws {ConfigError} */
export function parseDevNodeConfig(env: Record<string, string | undefined>): DevNodeConfig {
  const { data, error } = schema.safeParse(env)
  if (error) throw new ConfigError(error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`))
  return {
    port: data.EDGE_PORT,
    dataDir: data.EDGE_DATA,
    apiKeys: data.EDGE_API_KEYS,
    rpcUrl: data.EDGE_RPC_URL,
    spKey: data.EDGE_SP_KEY,
    miners: data.EDGE_MINERS,
    bucketBytes: data.EDGE_BUCKET_BYTES,
    bucketAgeMs: data.EDGE_BUCKET_AGE_MS,
    stepMs: data.EDGE_STEP_MS,
    startEpochs: data.EDGE_START_EPOCHS,
    ...(data.EDGE_PERPETUAL !== undefined && {
      perpetual: {
        address: data.EDGE_PERPETUAL,
        miners: data.EDGE_PERPETUAL_MINERS ?? data.EDGE_MINERS,
        minPrice: data.EDGE_PERPETUAL_MIN_PRICE,
        maxPieceBytes: data.EDGE_PERPETUAL_MAX_BYTES,
        pieceUrls: data.EDGE_PERPETUAL_PIECES,
        sealAfterMs: data.EDGE_PERPETUAL_SEAL_AFTER_MS,
        pollMs: data.EDGE_PERPETUAL_POLL_MS,
      },
    }),
  }
}

/** The actor id in `f01000` or `t01000`. */
export function parseMiner(text: string): bigint | undefined {
  const digits = /^[ft]0(\d{1,19})$/.exec(text)?.[1]
  return digits === undefined ? undefined : BigInt(digits)
}

function toMinerId(text: string, ctx: z.RefinementCtx): bigint {
  const id = parseMiner(text)
  if (id !== undefined) return id
  ctx.addIssue({ code: 'custom', message: `expected a miner's id address like t01000, not ${text}` })
  return z.NEVER
}
