/** Killed: a test went red. Survived: all are green. Invalid: it tells nothing, as the tests could not be run on it. */
export type Verdict = 'killed' | 'survived' | 'invalid'

export interface Judgement {
  verdict: Verdict
  /** The title of the first test that is red, or why there is no verdict. */
  why: string
}

const MAX_TITLE = 120
const TAIL = 2_000

/**
 * Reads what a test run printed. A run that ends badly with no test to show for it (a typing error, a process that was killed) is no
 * kill, one that ends well without a test is no survival.
 */
export function judgeRun(exitCode: number | null, output: string): Judgement {
  const plain = output.replace(/\u001b\[[0-9;]*m/g, '')
  const count = (word: string) => Number(new RegExp(`^\\s*(\\d+) ${word}`, 'm').exec(plain)?.[1] ?? 0)
  if (exitCode !== 0 && count('failing') > 0) return { verdict: 'killed', why: firstFailure(plain) }
  if (exitCode === 0 && count('passing') > 0) return { verdict: 'survived', why: '' }
  const what = exitCode === 0 ? 'no test ran' : `its runner ended with ${exitCode}`
  return { verdict: 'invalid', why: `${what}:\n${plain.trim().slice(-TAIL)}` }
}

/** Below "1 failing", the first test is headed by its number: `1) describe`, its titles each on a line, the last one ends with a colon. */
function firstFailure(plain: string): string {
  const failures = plain.slice(plain.search(/^\s*\d+ failing/m))
  const title = /^\s*1\) ((?:.|\n)*?)(?::\n|\n\s*\n|\n\s*at )/m.exec(failures)?.[1] ?? ''
  const words = title.replace(/\s+/g, ' ').trim()
  return words.length > MAX_TITLE ? `${words.slice(0, MAX_TITLE)}…` : words
}
