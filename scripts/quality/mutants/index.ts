import { CLIENT_MUTANTS } from './clients.ts'
import { DAO_MUTANTS } from './dao.ts'
import { FILECOIN_MUTANTS } from './filecoin.ts'
import { INVARIANT_MUTANTS } from './invariants.ts'
import type { Mutant } from './mutant.ts'
import { ORACLE_MUTANTS } from './oracle.ts'
import { PERPETUAL_MUTANTS } from './perpetual.ts'
import { PINNING_MUTANTS } from './pinning.ts'

export const MUTANTS: readonly Mutant[] = [
  ...FILECOIN_MUTANTS,
  ...ORACLE_MUTANTS,
  ...CLIENT_MUTANTS,
  ...INVARIANT_MUTANTS,
  ...PINNING_MUTANTS,
  ...PERPETUAL_MUTANTS,
  ...DAO_MUTANTS,
]
