import type { FastifyInstance } from 'fastify'
import { PieceCidInvalid, parsePieceCid } from '../../proofs/piece-cid.ts'
import { requireApiKey } from './auth.ts'
import type { DevNodeContext } from './context.ts'
import { notFound } from './envelope.ts'
import { toBucketJson, toContentJson, toStatusCheckJson } from './go-json.ts'
import type { ContentRow } from './store.ts'

const CONTENT_NOT_FOUND = 'Content not found. Please check if you have the proper API key or if the content id is valid'
const BUCKET_NOT_FOUND = 'Bucket not found. Please check if you have the proper API key or if the bucket uuid is valid'
const MAX_PAGE_SIZE = 1000

interface Paging {
  page?: string
  page_size?: string
  per_page?: string
}

/** What the node says about its contents and buckets: /open/… to anyone, /api/v1/… by API key. */
export function addStatusRoutes(app: FastifyInstance, { config, store }: DevNodeContext): void {
  const bucketOf = (content: ContentRow | undefined) =>
    content?.bucket_uuid ? store.bucket(content.bucket_uuid) : undefined
  const check = (content: ContentRow | undefined) => toStatusCheckJson(content, bucketOf(content))
  const row = (content: ContentRow) => toContentJson(content, bucketOf(content))

  app.get<{ Params: { id: string } }>('/open/status/content/:id', ({ params }) => ({
    message: 'success',
    data: check(store.content(params.id)),
  }))

  app.get<{ Params: { cid: string } }>('/open/status/content/cid/:cid', ({ params }) => {
    const contents = store.contentsByCid(params.cid)
    return { data: contents.length > 0 ? contents.map(check) : null }
  })

  app.get<{ Params: { piece: string } }>('/open/status/content/piece/:piece', async ({ params }, reply) => {
    const content = findByPiece(params.piece)
    if (!content) return reply.code(500).send({ message: 'piece cid is not found' })
    return { message: 'success', data: check(content) }
  })

  app.get<{ Params: { cid: string } }>('/open/status/content/by-cid/:cid', async ({ params }, reply) => {
    const content = store.contentsByCid(params.cid).at(-1)
    if (!content) return reply.code(404).send(notFound(CONTENT_NOT_FOUND).body)
    const bucket = bucketOf(content)
    return { content: row(content), buckets: bucket ? [toBucketJson(bucket)] : [] }
  })

  app.get<{ Params: { uuid: string } }>('/open/status/bucket/:uuid', async ({ params }, reply) => {
    const bucket = store.bucket(params.uuid)
    return bucket ? { bucket: toBucketJson(bucket) } : reply.code(404).send(notFound(BUCKET_NOT_FOUND).body)
  })

  app.get<{ Params: { uuid: string }; Querystring: Paging }>(
    '/open/status/bucket/contents/:uuid',
    async ({ params, query }, reply) => {
      const bucket = store.bucket(params.uuid)
      if (!bucket) return reply.code(404).send(notFound(BUCKET_NOT_FOUND).body)
      const contents = store.contentsOf(bucket.uuid)
      const { page, size: perPage } = paging(query.page, query.per_page)
      const entries = contents.slice((page - 1) * perPage, page * perPage).map(row)
      if (entries.length === 0) return reply.code(404).send(notFound('Bucket has no contents').body)
      return {
        bucket: toBucketJson(bucket),
        content_entries: entries,
        pagination: { page, perPage, totalCount: contents.length },
      }
    },
  )

  app.get<{ Params: { id: string } }>('/api/v1/status/content/:id', async (request, reply) => {
    const apiKey = requireApiKey(request, config.apiKeys)
    const content = store.content(request.params.id)
    if (content?.api_key !== apiKey) return reply.code(404).send(notFound(CONTENT_NOT_FOUND).body)
    return { content: row(content) }
  })

  app.get<{ Querystring: Paging }>('/api/v1/list', (request) => {
    const apiKey = requireApiKey(request, config.apiKeys)
    const { page, size } = paging(request.query.page, request.query.page_size)
    const { total, contents } = store.list(apiKey, size, (page - 1) * size)
    return { total, page, contents: contents.map(row) }
  })

  app.get('/stats', () => {
    const { count, bytes } = store.stats()
    return { total_content_count: count, total_size: bytes }
  })

  function findByPiece(pieceCid: string): ContentRow | undefined {
    try {
      return store.contentByPiece(parsePieceCid(pieceCid).digest)
    } catch (error) {
      if (error instanceof PieceCidInvalid) return undefined
      throw error
    }
  }
}

/** Paging as Edge reads it: what is not a number counts as 1, or as 10 to a page. */
function paging(page: string | undefined, size: string | undefined): { page: number; size: number } {
  const positive = (text: string | undefined, otherwise: number) =>
    /^[1-9]\d{0,8}$/.test(text ?? '') ? Number(text) : otherwise
  return { page: positive(page, 1), size: Math.min(positive(size, 10), MAX_PAGE_SIZE) }
}
