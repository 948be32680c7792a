import type { BaseContract } from 'ethers'
import { describeRevert } from '../revert.ts'
import type { Dao } from './contracts.ts'

/** What a passed vote has the treasury call. */
export interface Call {
  target: string
  /** attoFIL, of the treasury. */
  value: bigint
  /** Hex. */
  data: string
}

/** A call of one of a contract's functions. */
export const encodeCall = (contract: BaseContract, method: string, args: unknown[], value = 0n): Call => ({
  ...{ target: contract.target as string, value },
  data: contract.interface.encodeFunctionData(method, args),
})

/** What all of them send, attoFIL. */
export const valueOf = (calls: Call[]): bigint => calls.reduce((sum, { value }) => sum + value, 0n)

/**
 * Has the node run each call by itself as the treasury would now; sends nothing. Those of the DAO are left out, which it takes only
 * during an execution, and those that send what the treasury does not have.
 * @throws what the callee reverts with; an Error that names it where it says nothing that is known
 */
export async function rehearse({ governor, treasury }: Dao, calls: Call[]): Promise<void> {
  const provider = governor.runner!.provider!
  const [from, held] = [await treasury.getAddress(), await provider.getBalance(treasury)]
  for (const { target, value, data } of calls) {
    if (target === governor.target || value > held) continue
    try {
      await provider.call({ from, to: target, value, data })
    } catch (cause) {
      throw describeRevert(cause) === undefined ? unnamed(target, cause as Error) : cause
    }
  }
}

const unnamed = (target: string, cause: Error & { shortMessage?: string }) =>
  Object.assign(new Error(`${target} does not take that call: ${cause.shortMessage ?? cause.message}`, { cause }), {
    hint: 'It was tried as the treasury would call it now; nothing was sent.',
  })
