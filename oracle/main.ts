import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { createAdopter, type Followed } from './chain/adopt.ts'
import { createChainClient } from './chain/client.ts'
import { CONTRACT_ERRORS } from './chain/contract-errors.ts'
import { createContracts } from './chain/contracts.ts'
import { joinHandlers } from './chain/handlers.ts'
import { checkIdentity, LOCAL_CHAIN_ID } from './chain/identity.ts'
import { createPerpetual } from './chain/perpetual.ts'
import { createSectorLocator } from './chain/sector-locator.ts'
import { createSender } from './chain/sender.ts'
import { createWatcher } from './chain/watcher.ts'
import { parseConfig, readEnv } from './config.ts'
import type { Context } from './context.ts'
import { createAnswerStore } from './db/answer.ts'
import { createDaoIntake } from './dao/intake.ts'
import { createDaoKeeper } from './dao/keeper.ts'
import { createCursorStore } from './db/cursor.ts'
import { createDaoBook } from './db/dao-book.ts'
import { createDeploymentStore } from './db/deployment.ts'
import { createDisputeStore } from './db/dispute.ts'
import { createIntentStore } from './db/intent.ts'
import { createKeepingStore } from './db/keeping.ts'
import { createKeptPieceStore } from './db/kept-piece.ts'
import { lockDataDir } from './db/lock.ts'
import { openDatabase } from './db/open.ts'
import { createPerpetualRequestStore } from './db/perpetual-request.ts'
import { createReplicaStore } from './db/replica.ts'
import { createRequestStore } from './db/request.ts'
import { createRetrievalStore } from './db/retrieval.ts'
import { createSlotDealStore } from './db/slot-deal.ts'
import { createSlotStore } from './db/slot.ts'
import { createStorageOrderStore } from './db/storage-order.ts'
import { createChallenger } from './disputes/challenger.ts'
import { createIpfs } from './ipfs/node.ts'
import { createKeeper } from './keeper/keeper.ts'
import { createOrderOpener } from './keeper/order-opener.ts'
import { createLogger, STARTED_EVENT } from './logger.ts'
import { createPerpetualIntake } from './perpetual/intake.ts'
import { askedToStop, exitWithWords, stopAndExit } from './process.ts'
import { createEmbeddedQueue } from './queue/embedded.ts'
import { TOPICS } from './queue/queue.ts'
import { createSweeper } from './queue/sweeper.ts'
import { createRepair } from './repair/repair.ts'
import { createEdgeClients, findDaos, findOperator, untilReachable } from './start-up.ts'
import { createCleaner } from './steps/clean-up.ts'
import { createDeliverer } from './steps/deliver.ts'
import { createIntake } from './steps/intake.ts'
import { createWorker, topicOf } from './steps/pipeline.ts'

/** Under which names DataDAOs are recorded, each with its address after it. */
const DAO_NAME = 'DataDAO '

/** The executor: watches the chain, keeps what is asked for, has deals made, and reports. Reads as a table of contents. */
async function main(): Promise<void> {
  const stop = askedToStop()
  const config = parseConfig(readEnv(process.env))
  const log = createLogger(config.logLevel)

  // What it remembers
  lockDataDir(config.dataDir)
  const db = await openDatabase(join(config.dataDir, 'executor.db'))
  const requests = createRequestStore(db)
  const perpetualRequests = createPerpetualRequestStore(db)
  const replicas = createReplicaStore(db)
  const answers = createAnswerStore(db)
  const disputes = createDisputeStore(db)
  const orders = createStorageOrderStore(db)
  const slots = createSlotStore(db)
  const pieces = createKeptPieceStore(db)
  const slotDeals = createSlotDealStore(db)
  const retrievals = createRetrievalStore(db)
  const book = createDaoBook(db)
  const keepings = createKeepingStore(db)
  const intents = createIntentStore(db)
  await requests.releaseLeases() // of a process that died: the folder is this one's alone

  // The chain, and who it is there
  const { registry, pinning, edgeProvider, confirmations, pollMs: everyMs } = config
  const chain = createChainClient({ urls: config.rpcUrls, chainId: BigInt(config.chainId), log })
  const contracts = createContracts(chain, { registry, pinning, edgeProvider })
  const perpetual = config.perpetual === null ? null : createPerpetual(chain, config.perpetual)
  const locator = config.sectorLocator === null ? null : createSectorLocator(chain, config.sectorLocator)
  const daos = await untilReachable(() => findDaos(chain, config.daos), log)
  const cursors = createCursorStore(db)
  const startBlock = BigInt(config.startBlock)

  // Contracts that an executor may follow beyond those of its work, each with what makes rows of its logs
  const perpetualIntake = perpetual && createPerpetualIntake({ address: perpetual.address, orders, slots, log })
  const daoIntake = createDaoIntake({ daos, book, log })
  const followed: Followed[] = [
    ...(perpetualIntake ? [{ name: 'PerpetualStorage', addresses: [perpetual.address], ...perpetualIntake }] : []),
    ...daos.map(({ address, treasury, collection }) => ({
      ...{ name: `${DAO_NAME}${address}`, addresses: [address, treasury, collection], ...daoIntake },
    })),
  ]
  const identity = {
    client: chain,
    deployments: createDeploymentStore(db),
    contracts: {
      ...{ OracleRegistry: registry, PinningRequests: pinning, EdgeProvider: edgeProvider },
      ...Object.fromEntries(followed.map(({ name, addresses }) => [name, addresses[0]!])),
    },
    adopt: createAdopter({
      ...{ followed, client: chain, watched: cursors, startBlock, maxRange: BigInt(config.logRangeEpochs), log },
      progressOf: (name) => createCursorStore(db, `adopt ${name}`),
    }),
    mayLeave: (name: string) => name.startsWith(DAO_NAME),
    log,
  }
  await untilReachable(() => checkIdentity(identity), log)
  const { reporterKey: key, gasCap } = config
  const tooLate = [
    ...['WrongStage', 'NotOpen', 'NotDue', 'NothingToSettle', 'DealAlreadyCounted', 'ProviderAlreadyCounted'],
    'NotOrderable',
    ...['ChallengeOpen', 'AlreadyChallenged', 'NoChallenge', 'TooFewDone'],
    ...['GovernorUnexpectedProposalState', 'GovernorAlreadyQueuedProposal', 'NoEarmark'],
  ]
  const seen = { abi: CONTRACT_ERRORS, tooLate }
  const sender = createSender({ client: chain, key, intents, confirmations, gasCap, ...seen, everyMs, log })
  const operatorId = await untilReachable(() => findOperator(contracts, sender.address, config.providerId), log)

  // IPFS and the Edge nodes
  const { ipfsListen: listen, ipfsRouting: routing, allowPrivate } = config
  const ipfs = await createIpfs({ dataDir: join(config.dataDir, 'ipfs'), listen, routing, allowPrivate, log })
  const edges = createEdgeClients(config, log)

  // The work: a nudge carries an id, the row says what is to be done
  const queue = createEmbeddedQueue({ log })
  const leaseOwner = randomUUID()
  const ctx: Context = {
    ...{
      config,
      log,
      requests,
      perpetualRequests,
      replicas,
      answers,
      disputes,
      orders,
      slots,
      pieces,
      slotDeals,
      retrievals,
      queue,
      chain,
      contracts,
      perpetual,
      locator,
      sender,
      ipfs,
      edges,
      operatorId,
      leaseOwner,
    },
  }
  for (const topic of TOPICS) queue.subscribe(topic, createWorker(ctx, topic), { concurrency: config.concurrency })
  const sweeper = createSweeper({
    due: async (limit) => (await requests.due(limit)).map(({ id, state }) => ({ id, topic: topicOf(state) })),
    publish: queue.publish,
    intervalMs: Math.min(config.pollMs, config.dealPollMs),
    log,
  })
  const challenger = createChallenger(ctx, { everyMs: 2 * everyMs })
  const wants = async (cid: string, id: string) => (await requests.wants(cid, id)) || (await pieces.wants(cid))
  const cleaner = createCleaner({ config, log, requests: { ...requests, wants }, ipfs }, { everyMs: config.dealPollMs })
  const repair = createRepair({ ...ctx, ipfs })
  const deliverer = createDeliverer(ctx, { everyMs })
  const everyOther = { everyMs: 2 * everyMs }
  const keepers = [
    ...(perpetual && locator && config.keeper === 'on'
      ? [
          createKeeper({ ...ctx, chain, sender, perpetual, locator, keepings }, everyOther),
          createOrderOpener({ ...ctx, chain, sender, keepings }, everyOther),
        ]
      : []),
    ...(daos.length > 0 && config.daoKeeper
      ? [createDaoKeeper({ ...ctx, chain, sender, daos, proposals: book.proposals, keepings }, everyOther)]
      : []),
  ]

  // The way in: events become rows
  const intakes = [createIntake(ctx), ...(perpetualIntake ? [perpetualIntake] : []), daoIntake]
  const watcher = createWatcher({
    ...joinHandlers(...intakes),
    client: chain,
    cursors,
    addresses: [registry, pinning, ...followed.flatMap(({ addresses }) => addresses)],
    confirmations,
    startBlock,
    maxRange: config.logRangeEpochs,
    jumps: BigInt(config.chainId) === LOCAL_CHAIN_ID,
    everyMs,
    log,
  })

  sender.start()
  await queue.start()
  sweeper.start()
  cleaner.start()
  deliverer.start()
  challenger.start()
  await repair.start()
  for (const keeper of keepers) keeper.start()
  watcher.start()
  log.info(
    {
      event: STARTED_EVENT,
      operatorId: operatorId.toString(),
      reporter: sender.address,
      multiaddrs: ipfs.multiaddrs(),
      requests: await requests.count(),
    },
    'started',
  )

  log.info({ why: await stop }, 'stopping')
  await stopAndExit([
    watcher,
    sweeper,
    cleaner,
    deliverer,
    challenger,
    repair,
    ...keepers,
    queue,
    sender,
    ipfs,
    { stop: () => db.destroy() },
  ])
}

main().catch(exitWithWords)
