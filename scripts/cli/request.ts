import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { CID } from 'multiformats/cid'
import { fil, parseFil } from '../lib/amounts.ts'
import { parseCid } from '../lib/cid.ts'
import { fromCaller } from '../lib/paths.ts'
import { OVER, readRequest, type RequestState } from '../lib/request.ts'
import { submitRequest, type Cost, type RequestTerms, type Submitted } from '../lib/submit.ts'
import { servePath } from '../local/keep.ts'
import type { CliContext, ReadContext } from './context.ts'

const MAX_REPLICAS = 16n
/** What a CID whose size is not known may have, unless --max-bytes says otherwise: the fee is paid for that. */
const MAX_BYTES_OF_CID = 2n ** 30n
const MAX_UINT64 = 2n ** 64n - 1n

export interface RequestOptions {
  replicas: string
  term: string
  deadline: string
  reward: string
  maxBytes?: string
  link?: string
  listen?: string
  wait: boolean
}

/** `request PATH|CID`: asks on-chain for it to be kept. PATH is served from here until it is packed into a piece. */
export async function request(context: CliContext, what: string, options: RequestOptions): Promise<void> {
  const { maxBytes, ...terms } = parseTerms(options)
  const path = fromCaller(what)
  if (existsSync(path)) return requestPath(context, path, { maxBytes, ...terms }, options)

  const root = parseCid(what)
  const submitted = await ask(context, root, options.link ?? '', { ...terms, maxBytes: maxBytes ?? MAX_BYTES_OF_CID })
  context.note(`asked: request #${submitted.id}, ${fil(submitted.value)} in escrow`)
  const state = options.wait ? await follow(context, submitted.id, OVER) : 'Requested'
  tell(context, submitted, root, state)
}

async function requestPath(
  context: CliContext,
  path: string,
  terms: ParsedTerms,
  options: RequestOptions,
): Promise<void> {
  if (context.network !== 'local' && !options.listen) {
    throw Object.assign(new Error(`executors of '${context.network}' cannot fetch ${path} from this machine alone`), {
      hint: 'Name a public address to serve it at, as --listen /ip4/203.0.113.7/tcp/4001, or ask by CID with --link.',
    })
  }
  const dir = mkdtempSync(join(tmpdir(), 'mooring-serve-'))
  const served = await servePath(path, dir, () => {}, options.listen?.split(','))
  try {
    context.note(`${path} is ${served.root.toString()}, served from ${served.fetchLink}`)
    const maxBytes = terms.maxBytes ?? served.carBytes
    const submitted = await ask(context, served.root, served.fetchLink, { ...terms, maxBytes })
    context.note(`asked: request #${submitted.id}, ${fil(submitted.value)} in escrow; serving it until it is packed`)
    const until: readonly RequestState[] = options.wait ? OVER : ['Packed', 'Storing', ...OVER]
    tell(context, submitted, served.root, await follow(context, submitted.id, until))
  } finally {
    await served.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Asks, and says what it costs before anything is sent. */
function ask(context: CliContext, root: CID, link: string, terms: RequestTerms): Promise<Submitted> {
  const onQuote = ({ fee, rewards }: Cost) =>
    context.note(
      `fee ${fil(fee)} for a CAR of at most ${terms.maxBytes} B, reward ${fil(terms.rewardPerReplica)} for each of ${terms.replicas} deals: ${fil(fee + rewards)} in all`,
    )
  const { connection, deployment, signer } = context
  return submitRequest(connection, deployment, root, link, terms, { signer, onQuote })
}

/** Tells each state of a request, until it is in one of `until`. */
export async function follow(context: ReadContext, id: bigint, until: readonly RequestState[]): Promise<RequestState> {
  let shown: RequestState | undefined
  for (;;) {
    const { state, failReason } = await readRequest(context.connection, context.deployment, id)
    if (state !== shown) context.note(failReason ? `${state}: ${failReason}` : state)
    shown = state
    if (until.includes(state)) return state
    await wait(1_000)
  }
}

function tell(context: CliContext, submitted: Submitted, root: CID, state: RequestState) {
  context.say(`request #${submitted.id} is ${state}; follow it: npm run mooring -- status ${submitted.id}`, {
    ...submitted,
    cid: root.toString(),
    state,
  })
  if (OVER.includes(state) && state !== 'Stored') process.exitCode = 1
}

/** `maxBytes` undefined: what PATH has. */
type ParsedTerms = Omit<RequestTerms, 'maxBytes'> & { maxBytes?: bigint }

function parseTerms(options: RequestOptions): ParsedTerms {
  const whole = (name: string, text: string, max = MAX_UINT64): bigint => {
    const value = /^\d{1,20}$/.test(text) ? BigInt(text) : 0n
    if (value < 1n || value > max) throw new Error(`--${name} expects a whole number from 1 to ${max}, got '${text}'`)
    return value
  }
  return {
    replicas: Number(whole('replicas', options.replicas, MAX_REPLICAS)),
    minTermEpochs: whole('term', options.term),
    deadlineEpochs: whole('deadline', options.deadline),
    ...(options.maxBytes !== undefined && { maxBytes: whole('max-bytes', options.maxBytes) }),
    rewardPerReplica: parseFil('--reward', options.reward),
  }
}
