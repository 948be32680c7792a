import hre from 'hardhat'
import { connect, type Connection } from '../../lib/hardhat.ts'

const HOST = '127.0.0.1'

export interface PlayChain {
  /** Its JSON-RPC address over HTTP: what an executor is given. */
  url: string
  connection: Connection
  stop(): Promise<void>
}

/**
 * Serves Hardhat's simulated network over HTTP, on a port that the system chooses. It lets half a year pass in a millisecond, which
 * the chain process of `npm start` cannot; it is in memory, and gone when it stops.
 */
export async function startPlayChain(): Promise<PlayChain> {
  const server = await hre.network.createServer({ network: 'fvm', chainType: 'l1' }, HOST, 0)
  const { port } = await server.listen()
  const url = `http://${HOST}:${port}`
  const connection = await connect('local', { url })
  return {
    url,
    connection,
    async stop() {
      await connection.close()
      await server.close()
    },
  }
}
