/** The registry's enums, in its order. Its states of a request are REQUEST_STATES of oracle/chain/contracts.ts. */

/** IOracleOperators.OperatorStanding */
export const OPERATOR_STANDINGS = ['None', 'Appointing', 'Active', 'Unbonding'] as const

/** IOracleRequests.AnswerStanding */
export const ANSWER_STANDINGS = ['None', 'Challengeable', 'Challenged', 'Final', 'Undone'] as const

/** IOracleRequests.Delivery */
export const DELIVERIES = ['None', 'Due', 'Done', 'Failed'] as const

/** IOracleChallenges.Ruling */
export const RULINGS = ['None', 'Upheld', 'Rejected', 'Silent'] as const

export type OperatorStanding = (typeof OPERATOR_STANDINGS)[number]
export type AnswerStanding = (typeof ANSWER_STANDINGS)[number]
export type Delivery = (typeof DELIVERIES)[number]
export type Ruling = (typeof RULINGS)[number]
