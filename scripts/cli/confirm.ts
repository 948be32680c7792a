import { createInterface } from 'node:readline/promises'
import type { ReadContext } from './context.ts'

/**
 * Asks before money moves, on a terminal; elsewhere, with --json and with `yes` it goes on, as every verb does.
 * @throws Error when the answer is no
 */
export async function confirm({ json }: Pick<ReadContext, 'json'>, question: string, yes = false): Promise<void> {
  if (yes || json || !process.stdin.isTTY || !process.stdout.isTTY) return
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const answer = await terminal.question(`${question} [y/N] `)
    if (!/^y(es)?$/i.test(answer.trim())) throw new Error('nothing was sent')
  } finally {
    terminal.close()
  }
}
