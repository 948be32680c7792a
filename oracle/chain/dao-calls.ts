import { toBeHex } from 'ethers'
import type { WantedCall } from './calls.ts'
import { daoAbi, operationOf, treasuryAbi, type DaoParts, type Payload } from './dao.ts'

/** What anybody may do for a proposal that passed. */
export type DaoAction = 'queue' | 'execute' | 'release'

/** The treasury's event that shows that it is done: the Governor's own have no topic for the proposal. */
const SHOWN_BY: Record<DaoAction, string> = { queue: 'CallScheduled', execute: 'CallExecuted', release: 'EarmarkEnded' }

/** The call that does it. `release` frees what was earmarked for a proposal that was not executed in time. */
export function daoCall(
  action: DaoAction,
  { address, treasury }: Pick<DaoParts, 'address' | 'treasury'>,
  payload: Payload,
): Omit<WantedCall, 'key'> {
  const operation = operationOf(address, payload)
  const { topicHash, inputs } = treasuryAbi.getEvent(SHOWN_BY[action])!
  // The first call of the operation: there is always one.
  const first = inputs[1]!.name === 'index' ? [toBeHex(0n, 32)] : []
  const expectEvent = { address: treasury, topics: [topicHash, operation, ...first] }
  if (action === 'release') {
    return { to: treasury, data: treasuryAbi.encodeFunctionData('release', [operation]), expectEvent }
  }
  const { targets, values, calldatas, descriptionHash } = payload
  const data = daoAbi.encodeFunctionData(action, [targets, values, calldatas, descriptionHash])
  return { to: address, data, expectEvent }
}
