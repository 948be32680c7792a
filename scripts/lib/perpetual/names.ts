/** Where an order stands, in the order of the contract's `enum OrderStatus`. */
export const ORDER_STATUSES = ['None', 'Live', 'Suspended', 'Cancelled'] as const

/** Where a slot stands, in the order of the contract's `enum SlotState`. */
export const SLOT_STATES = ['None', 'Claimed', 'Active', 'Abandoned', 'Lapsed', 'Lost', 'Resigned', 'Ended'] as const

/** By what a slot is proven, in the order of the contract's `enum Kind`. */
export const KINDS = ['None', 'Deal', 'Sector'] as const

/** What shows that a replica is alive, in the order of the contract's `enum Liveness`. */
export const LIVENESS = ['Sector', 'Deal'] as const

/** Who may claim, in the order of the contract's `enum Access`. */
export const ACCESS = ['Everyone', 'Listed', 'NotListed'] as const

/** What `settle` is told of a sector, in the order of the contract's `enum SectorClaim`. */
export const SECTOR_CLAIMS = ['None', 'Active', 'Faulty', 'Dead'] as const

/** What a miner actor says of a sector (FIP-0112), by its number. */
export const SECTOR_STATUSES = ['Dead', 'Active', 'Faulty'] as const

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

export type OrderStatus = (typeof ORDER_STATUSES)[number]
export type SlotState = (typeof SLOT_STATES)[number]
export type Kind = (typeof KINDS)[number]
export type Liveness = (typeof LIVENESS)[number]
export type SectorClaim = (typeof SECTOR_CLAIMS)[number]

/** The number that the contract knows a name by. */
export const numberOf = <T extends string>(names: readonly T[], name: T): number => names.indexOf(name)
