import { hexlify, parseEther, toUtf8Bytes } from 'ethers'
import type { IDataDAOFactory } from '../../types/ethers-contracts/index.js'
import type { IDataDAO as DaoStructs } from '../../types/ethers-contracts/contracts/dao/IDataDAOFactory.js'
import { FEE, LINK, PIECE } from '../contracts/pinning/world.ts'
import { pieceCid } from './podsi.ts'

export const PROPOSAL_STATE = {
  Pending: 0n,
  Active: 1n,
  Canceled: 2n,
  Defeated: 3n,
  Succeeded: 4n,
  Queued: 5n,
  Expired: 6n,
  Executed: 7n,
}
export const SUBJECT = { None: 0n, General: 1n, GuardianChange: 2n, Keep: 3n, Drop: 4n }
export const SUPPORT = { Against: 0n, For: 1n, Abstain: 2n }
export const FAULT = {
  None: 0n,
  BadSupport: 1n,
  Expired: 2n,
  AlreadyVoted: 3n,
  Barred: 4n,
  NoWeight: 5n,
  BadSignature: 6n,
}
export const STORAGE_KIND = { Request: 0n, Order: 1n }
/** The data that the piece of an order can hold, bytes. */
export const ORDER_SIZE = (PIECE.size / 128n) * 127n

export type Settings = DaoStructs.SettingsStruct
export type Setup = IDataDAOFactory.SetupStruct
export type StorageTerms = IDataDAOFactory.SetupStruct['defaultTerms']

/** Two of five members are the quorum; times are epochs. */
export const SETTINGS: Settings = {
  votingDelay: 10n,
  votingPeriod: 100n,
  quorumPercent: 40n,
  lateExtension: 20n,
  timelockDelay: 10n,
  proposalThreshold: 1n,
}
export const SECONDS_PER_EPOCH = 30n
/** Epochs after the deadline in which what passed can be queued, and seconds after the delay in which it can be executed. */
export const QUEUE_WINDOW = 40_320n
export const EXECUTION_WINDOW_SECONDS = 1_209_600n
/** Of the members, in their order, where votes are by weight: 15 in all. */
export const WEIGHTS = [5n, 4n, 3n, 2n, 1n].map((weight) => weight * 10n ** 18n)
export const DEPOSIT = parseEther('100')

/** attoFIL: what a request on {@link requestTerms} pays per replica, and an order on {@link orderTerms} per replica and epoch. */
export const REWARD = 100_000n
export const ORDER_PRICE = 2_000_000_000_000n
/** For three claims of an order's longest term. */
export const ORDER_BUDGET = 3n * ORDER_PRICE * 360n * 2_880n
/** What a request on {@link requestTerms} costs; its budget is {@link SPARE} more. */
export const REQUEST_COST = FEE + REWARD
export const SPARE = 1_000n

/** Terms of a request: one replica, the piece left to the operators. */
export const requestTerms = (changes: Partial<StorageTerms> = {}): StorageTerms => ({
  kind: STORAGE_KIND.Request,
  replicas: 1n,
  pieceSize: 0n,
  termEpochs: 500_000n,
  deadlineEpochs: 5_000n,
  price: REWARD,
  budget: REQUEST_COST + SPARE,
  pieceCid: '0x',
  seed: LINK,
  ...changes,
})

/** Terms of an order: two replicas for ever. */
export const orderTerms = (changes: Partial<StorageTerms> = {}): StorageTerms => ({
  kind: STORAGE_KIND.Order,
  replicas: 2n,
  pieceSize: PIECE.size,
  termEpochs: 0n,
  deadlineEpochs: 0n,
  price: ORDER_PRICE,
  budget: ORDER_BUDGET,
  pieceCid: pieceCid(PIECE),
  seed: hexlify(toUtf8Bytes('https://seed.example/file.car')),
  ...changes,
})
