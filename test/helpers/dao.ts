import { artifacts } from 'hardhat'
import type { AddressLike } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { ACTOR_ADDRESSES, createMiners, maskedIdAddress } from '../../scripts/local/actors.ts'
import type {
  Collection,
  DaoTreasury,
  DataDAO,
  DataDAOFactory,
  IMembership,
  MemberBadge,
  WeightToken,
} from '../../types/ethers-contracts/index.js'
import { world as pinningWorld, type World } from '../contracts/pinning/world.ts'
import { rpc } from './actors.ts'
import { now } from './answers.ts'
import { DEPOSIT, requestTerms, SETTINGS, WEIGHTS, type Settings, type Setup } from './dao-terms.ts'
import { connect } from './network.ts'

export * from './dao-ballots.ts'
export * from './dao-terms.ts'
export * from './dao-votes.ts'

const { ethers } = await connect()

/** A storage provider: its miner, and who controls that. */
export interface StorageProvider {
  miner: bigint
  owner: HardhatEthersSigner
  worker: HardhatEthersSigner
  control: HardhatEthersSigner
}

/** The parts of one DAO. */
export interface Dao {
  dao: DataDAO
  treasury: DaoTreasury
  collection: Collection
  /** Of either kind; {@link Dao.badge} and {@link Dao.token} are the same address, only one of which it is. */
  membership: IMembership
  badge: MemberBadge
  token: WeightToken
}

/** {@link World} of the pinning tests, whose owner, operators and requester are no members, with a factory and one DAO of it. */
export interface DaoWorld extends World, Dao {
  factory: DataDAOFactory
  members: HardhatEthersSigner[]
  guardian: HardhatEthersSigner
  sp: StorageProvider
}

export interface Options {
  kind?: 'badge' | 'token'
  settings?: Partial<Settings>
  /** On top of what {@link setupOf} says. */
  setup?: Partial<Setup>
  /** The treasury's first deposit, attoFIL. */
  deposit?: bigint
}

/** A DAO of five members, its treasury funded, on PinningRequests and PerpetualStorage with Filecoin's actors; for a fixture. */
export async function daoWorld(options: Options = {}): Promise<DaoWorld> {
  const base = await pinningWorld()
  const signers = await ethers.getSigners()
  const [m0, m1, m2, m3, m4, guardian, owner, worker, control] = signers.slice(10)
  const members = [m0, m1, m2, m3, m4]
  const sp: StorageProvider = { miner: 1003n, owner, worker, control }
  const addresses = { owner: owner.address, worker: worker.address, control: [control.address] }
  await createMiners(await rpc(), artifacts, [{ id: sp.miner, ...addresses }])
  const factory = await deployFactory(base)
  const made = await createDao(factory, await setupOf({ members, guardian }, options), options.deposit)
  return { ...base, ...made, factory, members, guardian, sp }
}

export const badgeDao = () => daoWorld()
export const tokenDao = () => daoWorld({ kind: 'token' })

/** The code of all parts, and the factory that makes clones of it. */
export async function deployFactory({ pinning, perpetual }: Pick<World, 'pinning' | 'perpetual'>) {
  const desk = await ethers.deployContract('ProposalDesk')
  const extension = await ethers.deployContract('GovernorExtension', [desk])
  return ethers.deployContract('DataDAOFactory', [
    await ethers.deployContract('DataDAO', [extension]),
    await ethers.deployContract('DaoTreasury', [pinning, perpetual]),
    await ethers.deployContract('Collection', [pinning, perpetual]),
    await ethers.deployContract('MemberBadge'),
    await ethers.deployContract('WeightToken'),
  ])
}

/** A DAO with {@link SETTINGS}; its guardian's term is 10,000 epochs. */
export async function setupOf(
  { members, guardian }: Pick<DaoWorld, 'members' | 'guardian'>,
  { kind = 'badge', settings, setup }: Options = {},
): Promise<Setup> {
  return {
    name: 'Curators',
    symbol: 'CUR',
    members: members.map(({ address }) => address),
    weights: kind === 'token' ? WEIGHTS : [],
    settings: { ...SETTINGS, ...settings },
    guardian: guardian.address,
    guardianUntil: (await now()) + 10_000n,
    defaultTerms: requestTerms(),
    ...setup,
  }
}

export async function createDao(factory: DataDAOFactory, setup: Setup, deposit = DEPOSIT): Promise<Dao> {
  await factory.create(setup, { value: deposit })
  const [address] = await factory.daos((await factory.daoCount()) - 1n, 1n)
  const parts = await factory.partsOf(address)
  return {
    dao: await ethers.getContractAt('DataDAO', address),
    treasury: await ethers.getContractAt('DaoTreasury', parts.treasury),
    collection: await ethers.getContractAt('Collection', parts.collection),
    membership: await ethers.getContractAt('IMembership', parts.membership),
    badge: await ethers.getContractAt('MemberBadge', parts.membership),
    token: await ethers.getContractAt('WeightToken', parts.membership),
  }
}

/** The masked id address (0xff…) of an account, which has its actor id from now on. */
export async function maskedOf(account: AddressLike): Promise<string> {
  const book = await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)
  await book.register(account)
  return maskedIdAddress((await book.idOf(account)).id)
}
