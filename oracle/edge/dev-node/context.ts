import type { Logger } from 'pino'
import type { CarStore } from './car-store.ts'
import type { DevNodeConfig } from './config.ts'
import type { Pinner } from './pinner.ts'
import type { DevNodeStore } from './store.ts'

/** What the node's routes see. */
export interface DevNodeContext {
  config: Pick<DevNodeConfig, 'apiKeys' | 'miners' | 'bucketBytes' | 'bucketAgeMs'>
  store: DevNodeStore
  cars: CarStore
  pinner: Pinner
  log: Logger
}
