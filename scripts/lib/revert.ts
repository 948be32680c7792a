import { Interface, type ErrorDescription } from 'ethers'
import { COUNCIL_ARBITER_ABI } from '../../oracle/chain/abi.ts'
import { PINNING_STATES, REQUEST_STATES, pinningAbi, registryAbi } from '../../oracle/chain/contracts.ts'

const councilAbi = new Interface(COUNCIL_ARBITER_ABI)

/** `Name(argument: value, …)` when `error` is a call that one of the contracts refused; undefined for any other error. */
export function describeRevert(error: unknown): string | undefined {
  const data = revertData(error)
  return (
    data &&
    (describe(pinningAbi, PINNING_STATES, data) ??
      describe(registryAbi, REQUEST_STATES, data) ??
      describe(councilAbi, [], data))
  )
}

/** The bytes that a call reverted with; libraries wrap the node's error under different names. */
function revertData(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined
  const { data, cause, error: inner, info } = error as Record<string, unknown>
  if (typeof data === 'string' && /^0x[0-9a-f]{8,}$/i.test(data)) return data
  for (const next of [data, cause, inner, info]) {
    const found = revertData(next, depth + 1)
    if (found) return found
  }
  return undefined
}

function describe(abi: typeof pinningAbi, states: readonly string[], data: string): string | undefined {
  const refusal = parse(abi, data)
  if (!refusal) return undefined
  const { name, args, fragment } = refusal
  const words = fragment.inputs.map((input, i) => {
    const value = String(args[i])
    return `${input.name}: ${input.name === 'state' ? (states[Number(value)] ?? value) : value}`
  })
  return `${name}(${words.join(', ')})`
}

function parse(abi: typeof pinningAbi, data: string): ErrorDescription | null {
  try {
    return abi.parseError(data)
  } catch {
    return null // the selector is known, the arguments are not: another contract's
  }
}
