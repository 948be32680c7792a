import { parseEther } from 'ethers'
import { daoAt, type Dao } from '../../../lib/dao/contracts.ts'
import { createDao } from '../../../lib/dao/create.ts'
import type { Stage } from '../stage.ts'

/** The shortest vote that the rules allow; the execution waits for two epochs more. */
export const SETTINGS = {
  ...{ votingDelay: 1n, votingPeriod: 20n, lateExtension: 10n, timelockDelay: 2n },
  ...{ quorumPercent: 40n, proposalThreshold: 1n },
}

const FIRST_DEPOSIT = parseEther('0.7')
const SECOND_DEPOSIT = parseEther('0.3')

/** A member founds the DAO with four others; two of them fill its treasury. */
export async function found(stage: Stage): Promise<Dao> {
  const { narrator, connection, cast, ground, sources } = stage
  const [founder, second] = cast.members
  await narrator.act('Five members found a DAO that keeps data together')

  const { dao: address } = await createDao(
    connection,
    ground.deployment,
    {
      ...{ name: 'Curators', symbol: 'CUR', settings: SETTINGS, deposit: FIRST_DEPOSIT },
      members: { addresses: cast.members.map(({ wallet }) => wallet.address), weights: [] },
    },
    founder.wallet,
  )
  const dao = await daoAt(connection, ground.deployment, address)
  for (const contract of [dao.governor, dao.treasury, dao.collection]) {
    sources.push({ address: await contract.getAddress(), abi: contract.interface })
  }
  const sent = await second.wallet.sendTransaction({ to: dao.treasury, value: SECOND_DEPOSIT })
  await sent.wait()
  await narrator.catchUp()
  return dao
}
