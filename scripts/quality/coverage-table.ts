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
