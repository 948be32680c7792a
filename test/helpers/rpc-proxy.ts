import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export interface RpcQuestion {
  method: string
  params: unknown[]
}

/** What a node says: a result, a JSON-RPC error, or (status) no JSON-RPC at all. */
export type RpcAnswer =
  { result: unknown } | { error: { code: number; message: string; data?: unknown } } | { status: number; body: string }

/** Decides what the proxy answers; `forward` asks the node behind it. */
export type Rewrite = (question: RpcQuestion, forward: () => Promise<RpcAnswer>) => Promise<RpcAnswer> | RpcAnswer

export interface RpcProxy {
  url: string
  /** Every question that came, in order. */
  questions: RpcQuestion[]
  /** Replaces the way answers are rewritten from now on. */
  rewrite: Rewrite
  asked(method: string): RpcQuestion[]
  stop(): Promise<void>
}

/** An HTTP JSON-RPC server in front of a node that can speak other nodes' dialects, fail and lag. */
export async function startRpcProxy(target: string, rewrite: Rewrite = (_, forward) => forward()): Promise<RpcProxy> {
  const proxy: RpcProxy = {
    url: '',
    questions: [],
    rewrite,
    asked: (method) => proxy.questions.filter((question) => question.method === method),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await request.toArray()).join('')
    const { id, method, params } = JSON.parse(body) as RpcQuestion & { id: number }
    proxy.questions.push({ method, params })
    const forward = async () => {
      const answer = await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      return (await answer.json()) as RpcAnswer
    }
    const answer = await proxy.rewrite({ method, params }, forward)
    if ('status' in answer) return void response.writeHead(answer.status).end(answer.body)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ jsonrpc: '2.0', ...answer, id }))
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(502).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy.url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  return proxy
}
