/** A call that the contract would revert; `error` is the custom error's name. The model has changed nothing then. */
export class Refused extends Error {
  override name = 'Refused'
  readonly error: string

  constructor(error: string) {
    super(error)
    this.error = error
  }
}

/** Throws {@link Refused} unless `condition` holds. */
export function require(condition: boolean, error: string): asserts condition {
  if (!condition) throw new Refused(error)
}
