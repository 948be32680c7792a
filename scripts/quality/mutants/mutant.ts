/** One seeded bug: in `file`, the only occurrence of `find` becomes `replace`, and one of `tests` must go red. */
export interface Mutant {
  /** Below contracts/. */
  file: string
  what: string
  find: string
  replace: string
  /** Test files below test/contracts/, as patterns: mocha's `.test.ts`, or Solidity's `.t.sol`. */
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

/** The broken source. Throws unless there is exactly one place to break. */
export function mutate(source: string, { file, what, find, replace }: Mutant): string {
  const places = source.split(find).length - 1
  if (places !== 1) throw new Error(`mutant '${what}': expected its text once in ${file}, found it ${places} times`)
  return source.replace(find, () => replace)
}
