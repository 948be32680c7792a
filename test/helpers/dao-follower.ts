import { createChainClient, type ChainClient } from '../../oracle/chain/client.ts'
import { readDaoParts, type DaoParts } from '../../oracle/chain/dao.ts'
import { createWatcher, type Watcher } from '../../oracle/chain/watcher.ts'
import { createDaoIntake } from '../../oracle/dao/intake.ts'
import { createCursorStore } from '../../oracle/db/cursor.ts'
import { createDaoBook, type DaoBook } from '../../oracle/db/dao-book.ts'
import { silent } from './chain.ts'
import type { Dao } from './dao.ts'
import { createWorld, type World } from './executor.ts'

/** An executor's rows of a DAO, kept up to date by a watcher. */
export interface DaoFollower {
  world: World
  client: ChainClient
  parts: DaoParts
  book: DaoBook
  watcher: Watcher
}

/** An executor's database and watcher on a DAO of the network served at `url`; nothing is read before `watcher.processAll()`. */
export async function followDao(
  url: string,
  { dao }: Pick<Dao, 'dao'>,
  env: Record<string, string> = {},
): Promise<DaoFollower> {
  const client = createChainClient({ urls: [url], log: silent })
  const address = await dao.getAddress()
  const world = await createWorld({ MOORING_DAOS: address, MOORING_DAO_KEEPER: '1', ...env }, { chain: client })
  const parts = await readDaoParts(client, address)
  const book = createDaoBook(world.db)
  const watcher = createWatcher({
    ...createDaoIntake({ daos: [parts], book, log: world.ctx.log }),
    ...{ client, cursors: createCursorStore(world.db), addresses: [address, parts.treasury, parts.collection] },
    ...{ confirmations: 0, startBlock: 0n, jumps: true, log: silent },
  })
  return { world, client, parts, book, watcher }
}
