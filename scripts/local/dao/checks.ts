import type { Check } from '../check.ts'
import type { ContractEvent } from '../events.ts'

/** What the chain says at the end, attoFIL. */
export interface Reality {
  /** By party: how much more it has than at the beginning, its gas not counted. */
  gained: Record<string, bigint>
  /** The treasury's own books. */
  ledger: { deposited: bigint; refunded: bigint; funded: bigint; paid: bigint; earmarked: bigint }
  /** What the treasury can promise now. */
  free: bigint
  /** What of the request's rewards is not paid yet. */
  leftInRequest: bigint
  /** The request that was funded. */
  requestId: bigint
}

/** Who has a part in the equations, by the names of {@link Reality.gained}. */
export interface Parties {
  /** Who fill the treasury. */
  depositors: string[]
  /** Who only propose, vote and carry. */
  others: string[]
}

/** Of PinningRequested. */
interface Asked {
  fee: bigint
  terms: { replicas: bigint; rewardPerReplica: bigint }
}

/** Everything that must be equal once the request is stored. */
export function checksOf(
  events: readonly ContractEvent[],
  { gained, ledger, free, leftInRequest, requestId }: Reality,
  { depositors, others }: Parties,
): Check[] {
  const told = (name: string) => events.filter((event) => event.name === name)
  const amount = (name: string) => told(name).reduce((sum, { args }) => sum + (args.amount as bigint), 0n)
  const asked = told('PinningRequested').find(({ args }) => args.id === requestId)!.args as unknown as Asked
  const credited = told('Credited').filter(({ args }) => args.id === requestId)
  const put = depositors.reduce((sum, party) => sum - gained[party]!, 0n)
  const [fee, rewards] = [gained.OracleRegistry!, gained.PinningRequests!]
  return [
    {
      words: "the treasury's balance = deposits + refunds − funded − paid",
      left: gained.treasury!,
      right: ledger.deposited + ledger.refunded - ledger.funded - ledger.paid,
    },
    { words: `deposits = what ${depositors.join(' and ')} put in`, left: ledger.deposited, right: put },
    { words: 'and what the events say', left: ledger.deposited, right: amount('Deposited') },
    { words: 'funded = what the events say', left: ledger.funded, right: amount('CidFunded') },
    {
      words: "funded = the operators' fee in the registry + the request's rewards",
      left: ledger.funded,
      right: fee + rewards,
    },
    {
      words: 'the fee and the rewards = what the request says',
      left: fee + rewards,
      right: asked.fee + BigInt(asked.terms.replicas) * asked.terms.rewardPerReplica,
    },
    {
      words: "all rewards are the operators' who packed it",
      left: credited.reduce((sum, { args }) => sum + (args.amount as bigint), 0n),
      right: rewards,
    },
    { words: 'nothing is left in the request', left: leftInRequest, right: 0n },
    { words: 'what was earmarked is free again or spent', left: amount('Earmarked'), right: amount('EarmarkEnded') },
    { words: 'the treasury can promise all that it has', left: free, right: gained.treasury! },
    ...others.map((party) => ({ words: `${party} paid nothing but gas`, left: gained[party]!, right: 0n })),
    {
      words: 'what some paid others have',
      left: put,
      right: gained.treasury! + fee + rewards,
    },
  ]
}
