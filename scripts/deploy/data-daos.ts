import type { BaseContract } from 'ethers'
import type { ContractName } from './deployments.ts'

export type Deploy = (name: ContractName, args?: unknown[]) => Promise<BaseContract>

/** What every DataDAO is a clone of, and the factory that clones it. A DAO funds what it keeps in these two storage contracts. */
export async function deployDataDaos(deploy: Deploy, pinning: BaseContract, storage: BaseContract): Promise<void> {
  const desk = await deploy('ProposalDesk')
  const extension = await deploy('GovernorExtension', [desk])
  const dao = await deploy('DataDAO', [extension])
  const treasury = await deploy('DaoTreasury', [pinning, storage])
  const collection = await deploy('Collection', [pinning, storage])
  const badge = await deploy('MemberBadge')
  const token = await deploy('WeightToken')
  await deploy('DataDAOFactory', [dao, treasury, collection, badge, token])
}

/** Which contract each of them names in its code for good, by the getter that tells. */
export const DATA_DAO_WIRING: [ContractName, getter: string, names: ContractName][] = [
  ['GovernorExtension', 'desk', 'ProposalDesk'],
  ['DataDAO', 'extension', 'GovernorExtension'],
  ...(['DaoTreasury', 'Collection'] as const).flatMap((name): [ContractName, string, ContractName][] => [
    [name, 'pinningRequests', 'PinningRequests'],
    [name, 'perpetualStorage', 'PerpetualStorage'],
  ]),
  ['DataDAOFactory', 'daoCode', 'DataDAO'],
  ['DataDAOFactory', 'treasuryCode', 'DaoTreasury'],
  ['DataDAOFactory', 'collectionCode', 'Collection'],
  ['DataDAOFactory', 'badgeCode', 'MemberBadge'],
  ['DataDAOFactory', 'tokenCode', 'WeightToken'],
]
