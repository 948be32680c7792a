import { type Action } from './action.ts'
import { CLAIMS } from './claims.ts'
import { CLIENT } from './client.ts'
import { PROOFS } from './proofs.ts'
import { SETTLEMENTS } from './settlements.ts'
import { WAIT } from './wait.ts'

/** All that can happen to both. */
export const ACTIONS: Record<string, Action> = { ...CLAIMS, ...PROOFS, ...SETTLEMENTS, ...CLIENT, wait: WAIT }
