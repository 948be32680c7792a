import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { CID } from 'multiformats/cid'
import { MooringError } from '../../errors.ts'
import { CarInvalid } from '../../proofs/car.ts'
import { requireApiKey } from './auth.ts'
import type { ReceivedCar } from './car-store.ts'
import { parseMiner } from './config.ts'
import type { DevNodeContext } from './context.ts'
import { EnvelopeError, HandlerError } from './envelope.ts'
import { toContentJson } from './go-json.ts'
import { publishKey } from './perpetual/sealer.ts'
import { readUpload } from './upload.ts'

/** The market actor's limit (FIP-0027). */
const MAX_LABEL_BYTES = 256

/** POST /api/v1/content/…: every CAR becomes one content per miner. */
export function addContentRoutes(app: FastifyInstance, ctx: DevNodeContext): void {
  const { cars, store, config, pinner } = ctx

  app.post('/api/v1/content/add-car', async (request) => {
    const apiKey = requireApiKey(request, config.apiKeys)
    const { fields, file } = await readUpload(request, receiveCar)
    if (!file) throw new EnvelopeError(500, 'http: no such file')
    return addContents(apiKey, file.name, file.received, fields)
  })

  app.post('/api/v1/content/add', async (request) => {
    const apiKey = requireApiKey(request, config.apiKeys)
    const { fields, file } = await readUpload(request, receiveFile)
    if (!file) throw new EnvelopeError(500, 'http: no such file')
    return addContents(apiKey, file.name, file.received, fields)
  })

  app.post('/api/v1/content/fetch-pin', async (request) => {
    const apiKey = requireApiKey(request, config.apiKeys)
    const { fields } = await readUpload(request, discard)
    const cid = parseCid(fields.cid)
    const carFile = cars.temporaryPath()
    try {
      await pinner.fetchCar(cid, fields.multiaddr ?? '', carFile, abortedWith(request))
      return await addContents(apiKey, fields.cid!, await cars.receive(createReadStream(carFile)), fields)
    } catch (error) {
      if (error instanceof MooringError) throw new HandlerError(`Error adding the file to IPFS: ${error.message}`)
      throw error
    } finally {
      await rm(carFile, { force: true })
    }
  })

  async function receiveCar(source: AsyncIterable<Uint8Array>): Promise<ReceivedCar> {
    try {
      return await cars.receive(source)
    } catch (error) {
      if (error instanceof CarInvalid) throw new HandlerError(`Error loading car file: ${error.message}`)
      throw error
    }
  }

  async function receiveFile(source: AsyncIterable<Uint8Array>): Promise<ReceivedCar> {
    const [plainFile, carFile] = [cars.temporaryPath(), cars.temporaryPath()]
    try {
      await pipeline(source, createWriteStream(plainFile))
      await pinner.importFile(plainFile, carFile)
      return await cars.receive(createReadStream(carFile))
    } finally {
      await Promise.all([plainFile, carFile].map((file) => rm(file, { force: true })))
    }
  }

  async function addContents(apiKey: string, name: string, car: ReceivedCar, fields: Record<string, string>) {
    let miners: Map<bigint, string>
    let label: string | undefined
    try {
      miners = parseMiners(fields.miners ?? '')
      label = parseLabel(fields.label, miners.size)
      if (label && store.sent(publishKey(label, 0))) {
        throw new HandlerError(`a label is for one deal: the provider makes the one for ${label} itself`)
      }
    } catch (error) {
      await cars.drop(car.id)
      throw error
    }
    const makeDeal = (fields.make_deal || 'true') === 'true' ? 1 : 0
    const contents = store.addContents(
      car,
      [...miners].map(([providerId, miner]) => ({
        name,
        miner,
        providerId,
        api_key: apiKey,
        make_deal: makeDeal,
        label,
      })),
      { ageMs: config.bucketAgeMs, bytes: config.bucketBytes },
    )
    ctx.log.info({ cid: car.root, bytes: car.bytes, contents: contents.map(({ id }) => id) }, 'content added')
    return {
      status: 'success',
      message: 'File uploaded and pinned successfully. Please take note of the ids.',
      contents: contents.map((content) =>
        toContentJson(content, content.bucket_uuid === null ? undefined : store.bucket(content.bucket_uuid)),
      ),
    }
  }

  /** The miners of an upload by id, each once; the first of this node's where none is named. */
  function parseMiners(text: string): Map<bigint, string> {
    const named = text === '' ? [`t0${config.miners[0]}`] : text.split(',').map((miner) => miner.trim())
    return new Map(
      named.map((miner) => {
        const id = parseMiner(miner)
        if (id === undefined || !config.miners.includes(id)) throw new HandlerError(`unknown miner ${miner}`)
        return [id, miner]
      }),
    )
  }
}

/** The label that the upload's deal is to have; Edge's own API has no such field. */
function parseLabel(label: string | undefined, miners: number): string | undefined {
  if (label === undefined || label === '') return undefined
  if (Buffer.byteLength(label) > MAX_LABEL_BYTES) {
    throw new HandlerError(`a label of at most ${MAX_LABEL_BYTES} bytes, not ${Buffer.byteLength(label)}`)
  }
  if (miners !== 1) throw new HandlerError(`a label is for one deal, not for ${miners} miners`)
  return label
}

function parseCid(text: string | undefined): CID {
  try {
    return CID.parse(text ?? '')
  } catch {
    throw new HandlerError('Error decoding the cid')
  }
}

async function discard(source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of source) void chunk
}

/** Aborts when the client goes away. */
function abortedWith(request: FastifyRequest): AbortSignal {
  const controller = new AbortController()
  request.raw.socket.once('close', () => controller.abort(new Error('the client went away')))
  return controller.signal
}
