/** Where an operator stands, in the order of the registry's `enum OperatorStanding`. */
export const OPERATOR_STANDINGS = ['None', 'Appointing', 'Active', 'Unbonding'] as const

export type OperatorStanding = (typeof OPERATOR_STANDINGS)[number]
