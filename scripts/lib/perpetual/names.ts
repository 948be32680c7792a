export {
  ACCESSES,
  LIVENESSES,
  ORDER_STATUSES,
  SECTOR_CLAIMS,
  SLOT_KINDS,
  SLOT_STATES,
  type Access,
  type Liveness,
  type OrderStatus,
  type SectorClaim,
  type SlotKind,
  type SlotState,
} from '../../../oracle/chain/perpetual.ts'
export { SECTOR_STATUSES } from '../../../oracle/chain/sector-locator.ts'

/** Why a deal proposal is refused, in the order of the contract's `enum Refusal`. */
export const DEAL_REFUSALS = [
  'NotTheMarket',
  'OtherClient',
  'NotFree',
  'Verified',
  'BadLabel',
  'NoSuchClaim',
  'OtherProvider',
  'OtherPiece',
  'BadStart',
  'TermTooShort',
] as const

/** The number that the contract knows a name by. */
export const numberOf = <T extends string>(names: readonly T[], name: T): number => names.indexOf(name)
