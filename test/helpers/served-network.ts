import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from './network.ts'

export interface ServedNetwork {
  url: string
  stop(): Promise<void>
}

/** The simulated network that test files share, over HTTP: for what asks a chain by its URL. */
export async function serveNetwork(): Promise<ServedNetwork> {
  const { provider } = await connect()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { id, method, params } = JSON.parse((await request.toArray()).join('')) as Record<string, never>
    const said = await provider.request({ method, params }).then(
      (result: unknown) => ({ result }),
      ({ code = -32_603, message, data }: { code?: number; message: string; data?: unknown }) => ({
        error: { code, message, data },
      }),
    )
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...said }))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(502).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
