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
