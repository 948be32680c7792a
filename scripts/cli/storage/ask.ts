import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toUtf8Bytes } from 'ethers'
import { parseFetchLink } from '../../../oracle/ipfs/fetch-link.ts'
import { MAX_REPLICAS } from '../../../oracle/chain/perpetual-rules.ts'
import { fil, parseFil } from '../../lib/amounts.ts'
import { parseCid } from '../../lib/cid.ts'
import { parseDays, parseWhole } from '../../lib/numbers.ts'
import { fromCaller } from '../../lib/paths.ts'
import { askForOrder, MAX_CAR_BYTES, packingFee, priceOfDeposit, type Asking } from '../../lib/perpetual/ask.ts'
import { readContinuation } from '../../lib/perpetual/continuation.ts'
import { pinningAt } from '../../lib/pinning.ts'
import { OVER, type RequestState } from '../../lib/request.ts'
import { servePath } from '../../local/keep.ts'
import { confirm } from '../confirm.ts'
import type { CliContext } from '../context.ts'
import { follow } from '../request.ts'

export interface AskOptions {
  deposit: string
  replicas: string
  repair?: string
  renew?: string
  link?: string
  listen?: string
  wait: boolean
  yes?: boolean
}

/** `storage ask PATH|CID`: has the operators pack it, and keeps it as an order from then on. */
export async function ask(context: CliContext, what: string, options: AskOptions): Promise<void> {
  const wish = parseAsking(options)
  const path = fromCaller(what)
  if (existsSync(path)) return askPath(context, path, wish, options)

  const root = parseCid(what)
  await askAndFollow(context, { ...wish, root, link: options.link ?? '' }, options.wait ? OVER : [], options)
}

async function askPath(context: CliContext, path: string, wish: Wish, options: AskOptions): Promise<void> {
  const { listen, link } = options
  if (context.network !== 'local' && !listen) {
    throw Object.assign(new Error(`executors of '${context.network}' cannot fetch ${path} from this machine alone`), {
      hint: 'Name a public address to serve it at, as --listen /ip4/203.0.113.7/tcp/4001, or ask by CID with --link.',
    })
  }
  const dir = mkdtempSync(join(tmpdir(), 'mooring-serve-'))
  const served = await servePath(path, dir, () => {}, listen?.split(','))
  try {
    context.note(`${path} is ${served.root.toString()}, served from ${served.fetchLink} until it is packed`)
    if (served.carBytes > MAX_CAR_BYTES) {
      throw Object.assign(new Error(`${path} is a CAR of ${served.carBytes} B, operators pack at most 1 GiB so`), {
        hint: 'Pack it here: npm run mooring -- storage open.',
      })
    }
    const until: readonly RequestState[] = options.wait ? OVER : ['Packed', ...OVER]
    await askAndFollow(context, { ...wish, root: served.root, link: link ?? served.fetchLink }, until, options)
  } finally {
    await served.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** @param until States in which it is followed no longer; none: it is not followed. */
async function askAndFollow(
  context: CliContext,
  asking: Asking,
  until: readonly RequestState[],
  { yes }: AskOptions,
): Promise<void> {
  const { connection, deployment, signer, network } = context
  const pinning = await pinningAt(connection, deployment, signer)
  const fee = await packingFee(connection, deployment)
  context.note(quoteWords(asking, fee))
  await confirm(context, `Pay ${fil(fee + asking.deposit)}?`, yes)
  const { id, value, transaction } = await askForOrder(pinning, asking, fee)
  context.note(`asked: request #${id}, ${fil(value)} in escrow`)

  const state = until.length === 0 ? 'Requested' : await follow(context, id, until)
  const { orderId = null } = (await readContinuation(pinning, { id, replicas: asking.replicas })) ?? {}
  const next = orderId === null ? `status ${id}` : `storage show ${orderId}`
  const words = orderId === null ? `request #${id} is ${state}` : `request #${id} is open as order ${orderId}`
  context.say(`${words}; follow it: npm run mooring -- ${next} --network ${network}`, {
    ...{ id, value, transaction, deposit: asking.deposit, cid: asking.root.toString(), state, orderId },
    ...{ replicas: asking.replicas, price: priceOfDeposit(asking.deposit, asking.replicas), seed: asking.link },
  })
  if (OVER.includes(state) && state !== 'Ordered') process.exitCode = 1
}

/** What is bought, in the words of who pays. */
function quoteWords({ root, replicas, deposit, link }: Asking, fee: bigint): string {
  return [
    `  cid         ${root.toString()}`,
    `  fee         ${fil(fee)} to the operators that pack it`,
    `  order       ${fil(deposit)}, the client of which you are: ${replicas} replicas, ${priceOfDeposit(deposit, replicas)} attoFIL an epoch for each,`,
    `              so it pays all of them for 360 days; what no replica has reserved you can take back at any time`,
    `  seed        ${link || 'not said: providers find it with operators that serve pieces'}`,
    '  then        once its packing is final, operators open the order by themselves: npm run mooring -- storage continue does it too',
  ].join('\n')
}

/** What the options say, before the content is known. */
type Wish = Omit<Asking, 'root' | 'link'>

/** @throws Error that names the option and what it expects */
function parseAsking({ deposit: depositText, replicas: text, repair, renew, link }: AskOptions): Wish {
  if (link !== undefined) parseFetchLink(toUtf8Bytes(link))
  const replicas = Number(parseWhole('--replicas', text, 1n, MAX_REPLICAS))
  const deposit = parseFil('--deposit', depositText)
  if (priceOfDeposit(deposit, replicas) === 0n) {
    throw new Error(
      `--deposit pays less than 1 attoFIL an epoch for each of ${replicas} replicas, got '${depositText}'`,
    )
  }
  return {
    ...{ replicas, deposit },
    evictEpochs: repair === undefined ? 0n : parseDays('--repair', repair),
    renewalEpochs: renew === undefined ? 0n : parseDays('--renew', renew),
  }
}
