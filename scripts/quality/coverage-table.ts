export interface FileCoverage {
  file: string
  /** Percent, 0 to 100. */
  lines: number
  statements: number
  uncovered: string
}

/** Reads the rows of the table that `hardhat test --coverage` prints: path, line %, statement %, uncovered lines. */
export function readCoverage(output: string): FileCoverage[] {
  return [...output.matchAll(/^║ (\S+\.sol) +│ ([\d.]+) +│ ([\d.]+) +│ (.*?) *║$/gm)].map(
    ([, file, lines, statements, uncovered]) => ({
      file: file!,
      lines: Number(lines),
      statements: Number(statements),
      uncovered: uncovered === '-' ? '' : uncovered!,
    }),
  )
}

/** The tests that are red, with their reasons: what Hardhat prints between its counts and the table. Its last words if it counted none. */
export function failuresIn(output: string): string {
  const [, ...rest] = output.split(/^(?=\s*\d+ failing)/m)
  if (rest.length === 0) return output.slice(-6_000)
  return rest
    .join('')
    .split(/^(?:Saved html report|╔)/m)[0]!
    .trim()
}

/**
 * The lines among `uncovered` (as the table prints them: `41, 57-58`) that some test ought to reach. An assembly block of nothing but
 * `invalid()` is reached by none: it tells the compiler that the code before it does not return.
 */
export function missedLines(source: string, uncovered: string): number[] {
  const lines = source.split('\n')
  const isUnreachable = (line: number) =>
    [line - 1, line, line + 1].some((near) => lines[near - 1]?.trim() === 'invalid()')
  return uncovered
    .split(', ')
    .filter(Boolean)
    .flatMap((range) => {
      const [first, last = first] = range.split('-').map(Number) as [number, number?]
      return Array.from({ length: last - first + 1 }, (_, index) => first + index)
    })
    .filter((line) => !isUnreachable(line))
}
