import { ZeroAddress, type Signer } from 'ethers'
import type { Deployment } from '../../deploy/deployments.ts'
import { parseFil } from '../amounts.ts'
import type { Connection } from '../hardhat.ts'
import { GIB } from '../perpetual/rates.ts'
import { done, eventNamed } from '../perpetual/sent.ts'
import { DEFAULT_TERM_EPOCHS } from '../submit.ts'
import { factoryOf } from './contracts.ts'
import type { Members } from './members.ts'
import { encodeTerms, type StorageTerms } from './terms.ts'

/** How a DAO votes, as IDataDAO.Settings: times in epochs. */
export interface Settings {
  votingDelay: bigint
  votingPeriod: bigint
  /** Hundredths of all weight at the snapshot. */
  quorumPercent: bigint
  lateExtension: bigint
  timelockDelay: bigint
  /** Weight as the contracts count it. */
  proposalThreshold: bigint
}

export interface NewDao {
  name: string
  symbol: string
  members: Members
  settings: Settings
  /** Who may cancel up to an epoch, inclusive; nobody unless given. */
  guardian?: { address: string; untilEpoch: bigint }
  /** On which its members propose by `createCIDProposal`; {@link usualTerms} unless given. */
  terms?: StorageTerms
  /** The treasury's first, attoFIL. */
  deposit: bigint
}

export interface CreatedDao {
  dao: string
  treasury: string
  collection: string
  membership: string
  transaction: string
}

/** Makes a DAO and waits until it is in a block. */
export async function createDao(
  connection: Connection,
  deployment: Deployment,
  setup: NewDao,
  signer?: Signer,
): Promise<CreatedDao> {
  const factory = await factoryOf(connection, deployment, signer)
  const { name, symbol, members, settings, guardian, deposit } = setup
  const sent = await factory.create(
    {
      ...{ name, symbol, settings, members: members.addresses, weights: members.weights },
      ...{ guardian: guardian?.address ?? ZeroAddress, guardianUntil: guardian?.untilEpoch ?? 0n },
      defaultTerms: encodeTerms(setup.terms ?? (await usualTerms(connection, deployment))),
    },
    { value: deposit },
  )
  const result = await done(factory, sent)
  const { dao, treasury, collection, membership } = eventNamed(result, 'DAOCreated').args as unknown as CreatedDao
  return { dao, treasury, collection, membership, transaction: result.transaction }
}

/** Two replicas for 180 days of a CAR of 1 GiB at most, wherever it is found: a request with what that costs now and a tenth more. */
export async function usualTerms({ ethers }: Connection, deployment: Deployment): Promise<StorageTerms> {
  const treasury = await ethers.getContractAt('DaoTreasury', deployment.contracts.DaoTreasury.address)
  const terms: StorageTerms = {
    ...{ kind: 'Request', replicas: 2, termEpochs: DEFAULT_TERM_EPOCHS, deadlineEpochs: 20_160n },
    ...{ price: parseFil('reward', '0.05'), budget: 0n, seed: '' },
  }
  return { ...terms, budget: withMargin(await treasury.quote('0x', GIB, encodeTerms(terms))) }
}

/** A tenth more: the fee may rise before the vote is executed; what is not needed stays in the treasury. */
export const withMargin = (quote: bigint): bigint => (quote * 11n) / 10n
