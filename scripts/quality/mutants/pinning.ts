import type { Mutant } from './mutant.ts'

export const PINNING_MUTANTS: Mutant[] = []
