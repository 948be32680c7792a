import { open } from 'node:fs/promises'
import { DagTooLarge } from '../errors.ts'
import type { HttpAnswer } from './http-get.ts'

/**
 * Streams an answer's body to a file. What was written before a failure stays there.
 * @returns why it ended early, undefined where it is complete
 * @throws {DagTooLarge} more than `maxBytes`, said or sent
 */
export async function download(
  answer: HttpAnswer,
  file: string,
  maxBytes: bigint,
  signal: AbortSignal,
): Promise<Error | undefined> {
  const { url, contentLength, body } = answer
  await using handle = await open(file, 'w')
  try {
    requireAtMost(url, maxBytes, BigInt(contentLength ?? 0))
    let bytes = 0n
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += BigInt(chunk.byteLength)
      requireAtMost(url, maxBytes, bytes)
      await handle.write(chunk)
    }
    return undefined
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof DagTooLarge) throw error
    return error as Error
  } finally {
    body.destroy()
  }
}

/**
 * An answer's body in memory.
 * @throws {DagTooLarge} more than `maxBytes`, said or sent
 */
export async function readBody({ url, contentLength, body }: HttpAnswer, maxBytes: number): Promise<Uint8Array> {
  try {
    requireAtMost(url, BigInt(maxBytes), BigInt(contentLength ?? 0))
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength
      requireAtMost(url, BigInt(maxBytes), BigInt(bytes))
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } finally {
    body.destroy()
  }
}

function requireAtMost(url: URL, maxBytes: bigint, actual: bigint): void {
  if (actual > maxBytes) throw new DagTooLarge(`${url}: at most ${maxBytes} bytes, got ${actual}`)
}
