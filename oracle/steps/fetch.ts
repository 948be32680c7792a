import { CID } from 'multiformats/cid'
import { STAGE, decodeFetchPayload, encodeFetchedAnswer } from '../chain/jobs.ts'
import type { Context } from '../context.ts'
import { parseFetchUrl } from '../ipfs/fetch-link.ts'
import { tell } from '../logger.ts'
import { vote } from './report.ts'
import { RequestInvalid, fetchTimeoutOf, moveTo, type Step } from './step.ts'

type FetchContext = Pick<Context, 'config' | 'contracts' | 'sender' | 'operatorId' | 'ipfs' | 'log'>

/**
 * On a `pin` nudge of a *fetch* request: get what its URL serves, check that it is the CID, pin it, and vote *Fetched* with its
 * size. A URL that does not serve it is asked again until the attempts run out.
 */
export const fetch: Step<FetchContext> = async (ctx, work) => {
  const { request, signal } = work
  const payload = decodeFetchPayload(request.payload)
  const url = parseFetchUrl(payload.url)
  const cid = readCid(payload.cid)
  const timeoutMs = fetchTimeoutOf(ctx.config, work)
  const maxBytes = request.maxBytes < ctx.config.maxBytes ? request.maxBytes : ctx.config.maxBytes

  const sizeBytes = await ctx.ipfs.fetchUrl(cid, url, { maxBytes, timeoutMs }, signal)
  tell(ctx.log, 'fetched', request.id, { cid: cid.toString(), sizeBytes: sizeBytes.toString() })

  await vote(ctx, work, STAGE.PINNED, encodeFetchedAnswer(sizeBytes))
  return moveTo('reported', { cid: cid.toString(), sizeBytes })
}

function readCid(bytes: Uint8Array): CID {
  try {
    return CID.decode(bytes)
  } catch (cause) {
    const seen = Buffer.from(bytes.subarray(0, 64)).toString('hex')
    throw new RequestInvalid(`expected a binary CID, got 0x${seen}`, { cause })
  }
}
