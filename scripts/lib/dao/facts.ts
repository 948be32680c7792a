import { EPOCH_SECONDS } from '../../../oracle/chain/epochs.ts'
import type { Dao } from './contracts.ts'
import type { Settings } from './create.ts'

/** A DAO as the chain tells it. Weights as the contracts count them, amounts in attoFIL, times in epochs. */
export interface DaoFacts {
  dao: string
  name: string
  symbol: string
  /** `weight`: an ERC-20; `member`: one vote each. */
  votesBy: 'weight' | 'member'
  treasury: string
  collection: string
  membership: string
  /** All weight there is. */
  supply: bigint
  settings: Settings
  /** null: nobody. */
  guardian: { address: string; untilEpoch: bigint } | null
  /** What the treasury can promise now. */
  free: bigint
  ledger: { deposited: bigint; refunded: bigint; funded: bigint; paid: bigint; earmarked: bigint }
}

export async function readDaoFacts(dao: Dao): Promise<DaoFacts> {
  const { governor, treasury, membership } = dao
  const [guardian, ledger] = await Promise.all([governor.guardian(), treasury.ledger()])
  const { deposited, refunded, funded, paid, earmarked } = ledger
  return {
    ...{ dao: dao.address, name: dao.name, symbol: dao.symbol, votesBy: dao.weighted ? 'weight' : 'member' },
    treasury: await treasury.getAddress(),
    collection: await dao.collection.getAddress(),
    membership: await membership.getAddress(),
    supply: await membership.totalSupply(),
    settings: await readSettings(dao),
    guardian: guardian.untilEpoch === 0n ? null : { address: guardian.account, untilEpoch: guardian.untilEpoch },
    free: await treasury.free(),
    ledger: { deposited, refunded, funded, paid, earmarked },
  }
}

/** How a DAO votes now. */
export async function readSettings({ governor, treasury }: Dao): Promise<Settings> {
  const [votingDelay, votingPeriod, quorumPercent, lateExtension, proposalThreshold, delaySeconds] = await Promise.all([
    governor.votingDelay(),
    governor.votingPeriod(),
    governor['quorumNumerator()'](),
    governor.lateQuorumVoteExtension(),
    governor.proposalThreshold(),
    treasury.getMinDelay(),
  ])
  const timelockDelay = delaySeconds / EPOCH_SECONDS
  return { votingDelay, votingPeriod, quorumPercent, lateExtension, timelockDelay, proposalThreshold }
}
