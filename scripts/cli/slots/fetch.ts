import { existsSync } from 'node:fs'
import { toUtf8Bytes } from 'ethers'
import { orderOf } from '../../../oracle/chain/slot-id.ts'
import { parseFetchLink, type FetchLink } from '../../../oracle/ipfs/fetch-link.ts'
import { parsePieceCid } from '../../../oracle/proofs/piece-cid.ts'
import { bytesWords } from '../../lib/numbers.ts'
import { fromCaller } from '../../lib/paths.ts'
import { fetchPacked } from '../../lib/perpetual/fetch-dag.ts'
import { fetchPiece } from '../../lib/perpetual/fetch-piece.ts'
import { readOrder, type OrderFacts } from '../../lib/perpetual/order.ts'
import { parseSlot } from '../../lib/perpetual/slot-id.ts'
import type { ReadContext } from '../context.ts'
import { perpetualOf } from '../perpetual.ts'
import { registryOf } from '../registry.ts'

export interface FetchCommandOptions {
  to: string
  from?: string
}

/** `slots fetch SLOT --to FILE`: downloads the order's piece from its seed or an operator, and verifies it. */
export async function fetch(context: ReadContext, slotText: string, options: FetchCommandOptions): Promise<void> {
  const slot = parseSlot(slotText)
  const file = fromCaller(options.to)
  if (existsSync(file)) throw new Error(`${file} exists already: name another file, or remove it`)
  const order = await readOrder(await perpetualOf(context), orderOf(slot))
  const piece = { digest: parsePieceCid(order.pieceCid).digest, size: order.pieceSize }
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort(new Error('interrupted: the same command goes on from here')))
  const common = {
    ...{ file, allowPrivate: context.network === 'local', signal: interrupted.signal },
    onProgress: progressOf(context),
  }

  const link: FetchLink = options.from ? { kind: 'http', url: parseUrl(options.from), car: true } : seedOf(order)
  if (order.payloadCid !== null && (link.kind === 'multiaddrs' || (link.kind === 'http' && !link.car))) {
    await fetchPacked(piece, order.payloadCid, link, common)
    return tell(context, slot, order, file, order.seed)
  }
  const sources = link.kind === 'http' ? [link.url] : []
  if (!options.from) sources.push(...(await operatorSources(context, order.pieceCid)))
  const { source, resumedAt } = await fetchPiece(piece, {
    ...{ ...common, sources },
    onFailure: (from, why) => context.note(`${from}: ${why}`),
  })
  if (resumedAt > 0) context.note(`gone on from byte ${resumedAt}`)
  tell(context, slot, order, file, source.toString())
}

function tell(context: ReadContext, slot: bigint, { pieceCid, pieceSize }: OrderFacts, file: string, source: string) {
  context.say(`${file} is piece ${pieceCid}, ${bytesWords(pieceSize)} padded: verified`, {
    ...{ slot, pieceCid, pieceSize, file, source },
  })
}

/** Where the order says its piece is. @throws Error that says what to do where the words are none that can be followed */
function seedOf({ seed }: OrderFacts): FetchLink {
  try {
    return parseFetchLink(toUtf8Bytes(seed))
  } catch (cause) {
    throw Object.assign(new Error(`the order's seed cannot be followed: ${(cause as Error).message}`, { cause }), {
      hint: 'Name where the piece is: --from URL.',
    })
  }
}

function parseUrl(text: string): URL {
  if (/^https?:/i.test(text) && URL.canParse(text)) return new URL(text)
  throw new Error(`--from expects an http(s) URL of the piece, got '${text}'`)
}

/** Executors serve what they keep under /piece/PIECE_CID; operators may say where. */
async function operatorSources(context: ReadContext, pieceCid: string): Promise<URL[]> {
  const registry = await registryOf(context)
  const found: URL[] = []
  for (const { id } of context.deployment.operators) {
    const { endpoint } = await registry.getOperator(id)
    const base = endpoint.endsWith('/') ? endpoint : `${endpoint}/`
    if (/^https?:/i.test(base) && URL.canParse(base)) found.push(new URL(`piece/${pieceCid}`, base))
  }
  return found
}

const TELL_EVERY_MS = 2_000

/** A line every other second. */
function progressOf({ note }: ReadContext): (bytes: number, total: number | undefined) => void {
  let told = Date.now()
  return (bytes, total) => {
    if (Date.now() - told < TELL_EVERY_MS) return
    told = Date.now()
    const share = total ? ` of ${total.toLocaleString('en-US')} B (${Math.floor((bytes / total) * 100)} %)` : ' B'
    note(`fetched ${bytes.toLocaleString('en-US')}${share}`)
  }
}
