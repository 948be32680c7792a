/** A finding of Slither that is no fault, and why. */
export interface Accepted {
  /** The detector's name. */
  check: string
  /** `Contract.function` that it was found in, or `Contract` for what is outside of functions. */
  where: readonly string[]
  reason: string
}

export const ACCEPTED: readonly Accepted[] = []
