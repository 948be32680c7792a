import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { openCarStore } from './car-store.ts'
import type { DevNodeConfig } from './config.ts'
import type { DealMaker } from './deal-maker.ts'
import { createLocalChain } from './local-chain.ts'
import { createLocalMarket } from './local-market.ts'
import { createPieceBook } from './packer.ts'
import { createPerpetualContract } from './perpetual/contract.ts'
import { createPieceStore } from './perpetual/piece-store.ts'
import { createStorageProviders } from './perpetual/storage-providers.ts'
import { createPinner } from './pinner.ts'
import { buildServer } from './server.ts'
import { openStore } from './store.ts'
import { createWalker } from './walker.ts'

export interface DevNode {
  url: string
  /** Ends requests, the work in hand and the IPFS node; what was answered is on disk. */
  stop(): Promise<void>
}

export interface DevNodeOverrides {
  deals?: DealMaker
}

/** Starts an Edge-compatible node that makes its deals on the local chain and goes on where an earlier process stopped. */
export async function startDevNode(
  config: DevNodeConfig,
  log: Logger,
  overrides: DevNodeOverrides = {},
): Promise<DevNode> {
  const store = openStore(config.dataDir)
  const cars = await openCarStore(config.dataDir, store)
  const pinner = createPinner(join(config.dataDir, 'ipfs'), log)
  const chain = createLocalChain({ ...config, store })
  const market = createLocalMarket({ ...config, chain })
  const deals = overrides.deals ?? market
  const walker = createWalker({
    store,
    pieces: createPieceBook(store, cars.path),
    deals,
    log,
    clock: Date.now,
    stepMs: config.stepMs,
  })
  const { perpetual: settings } = config
  const providers =
    settings &&
    createStorageProviders({
      ...{ settings, store, chain, deals, log, clock: Date.now },
      contract: createPerpetualContract(chain.provider, settings.address),
      pieces: createPieceStore({
        ...config,
        ...settings,
        pinner,
        keep: async (car) => store.addCar(await cars.receive(car)),
      }),
    })
  const app = await buildServer({ config, store, cars, pinner, log })

  await app.listen({ port: config.port, host: '127.0.0.1' })
  walker.start()
  providers?.start()
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    async stop() {
      const walked = Promise.all([walker.stop(), providers?.stop()])
      chain.stop()
      await Promise.all([app.close(), walked, pinner.stop()])
      store.close()
    },
  }
}
