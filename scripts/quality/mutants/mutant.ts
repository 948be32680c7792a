/** One seeded bug: in `file`, the only occurrence of `find` becomes `replace`, and one of `tests` must go red. */
export interface Mutant {
  /** Below contracts/. */
  file: string
  what: string
  find: string
  replace: string
  /** Test files or folders below test/contracts/. */
  tests: string[]
}

/** Mutants of one contract, its tests named once. */
export function mutantsOf(
  file: string,
  tests: string[],
  list: [what: string, find: string, replace: string][],
): Mutant[] {
  return list.map(([what, find, replace]) => ({ file, what, find, replace, tests }))
}
