import { nextStep } from './next-step.ts'
import { describeRevert } from './revert.ts'

/** Prints what went wrong as a person reads it, and what to do where the error knows; ends the process with exit code 1. */
export function failWithWords(error: unknown): never {
  const known = error as { shortMessage?: string; message?: string; hint?: string }
  const refusal = describeRevert(error)
  if (refusal) {
    console.error(`error: the contract refuses: ${refusal}`)
    console.error(`       ${nextStep(refusal)}`)
  } else {
    console.error(`error: ${known.shortMessage ?? known.message ?? String(error)}`)
  }
  if (known.hint) console.error(`       ${known.hint}`)
  if (process.env.MOORING_DEBUG) console.error(error)
  process.exit(1)
}
