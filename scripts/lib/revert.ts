import { Interface, type ErrorDescription } from 'ethers'
import {
  COLLECTION_ABI,
  COUNCIL_ARBITER_ABI,
  DAO_TREASURY_ABI,
  DATA_DAO_ABI,
  DATA_DAO_FACTORY_ABI,
  MEMBER_BADGE_ABI,
  WEIGHT_TOKEN_ABI,
} from '../../oracle/chain/abi.ts'
import { PINNING_STATES, REQUEST_STATES, pinningAbi, registryAbi } from '../../oracle/chain/contracts.ts'
import { perpetualAbi } from '../../oracle/chain/perpetual.ts'
import { PROPOSAL_STATES, statesIn } from './dao/names.ts'
import { DEAL_REFUSALS, ORDER_STATUSES, SLOT_STATES } from './perpetual/names.ts'

const councilAbi = new Interface(COUNCIL_ARBITER_ABI)
const daoAbis = [
  ...[DATA_DAO_ABI, DAO_TREASURY_ABI, COLLECTION_ABI],
  ...[MEMBER_BADGE_ABI, WEIGHT_TOKEN_ABI, DATA_DAO_FACTORY_ABI],
].map((abi) => new Interface(abi))

/** Arguments of a contract's errors that are members of an enum: by `error.argument`, or by the argument's name in all of them. */
type EnumNames = Record<string, readonly string[]>

const PERPETUAL_ENUMS: EnumNames = {
  'WrongOrderStatus.actual': ORDER_STATUSES,
  'WrongSlotState.actual': SLOT_STATES,
  'DealRefused.reason': DEAL_REFUSALS,
}

const DAO_ENUMS: EnumNames = { 'GovernorUnexpectedProposalState.current': PROPOSAL_STATES }

/** `Name(argument: value, …)` when `error` is a call that one of the contracts refused; undefined for any other error. */
export function describeRevert(error: unknown): string | undefined {
  const data = revertData(error)
  return (
    data &&
    (describe(pinningAbi, { state: PINNING_STATES }, data) ??
      describe(registryAbi, { state: REQUEST_STATES }, data) ??
      describe(councilAbi, {}, data) ??
      describe(perpetualAbi, PERPETUAL_ENUMS, data) ??
      daoAbis.map((abi) => describe(abi, DAO_ENUMS, data)).find((words) => words !== undefined))
  )
}

/** The name of the error that one of the contracts refused with; undefined for any other error. */
export const revertName = (error: unknown): string | undefined => describeRevert(error)?.replace(/\(.*$/s, '')

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

function describe(abi: typeof pinningAbi, enums: EnumNames, data: string): string | undefined {
  const refusal = parse(abi, data)
  if (!refusal) return undefined
  const { name, args, fragment } = refusal
  const words = fragment.inputs.map((input, i) => {
    const text = String(args[i])
    const value = input.name === 'expectedStates' ? statesIn(BigInt(text)).join(' or ') : text
    const names = enums[`${name}.${input.name}`] ?? enums[input.name]
    return `${input.name}: ${names?.[Number(value)] ?? value}`
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
