import { varint } from 'multiformats'

/** A pull reader over a stream of chunks that holds no more than what was asked for and one chunk. */
export interface ByteReader {
  /** Bytes consumed so far. */
  readonly offset: number
  /** The next `length` bytes; throws where the stream ends before. */
  exactly(length: number): Promise<Uint8Array>
  /** The next unsigned varint (at most 2^53 − 1), undefined where the stream ends in front of it. */
  varint(): Promise<number | undefined>
  /** Lets go of the source, which is told that nothing more is wanted. */
  close(): Promise<void>
}

/** Longest varint of a number that JavaScript holds exactly. */
const MAX_VARINT_BYTES = 8

/** Reads from `source`; `fail` makes the error for broken input. */
export function createByteReader(source: AsyncIterable<Uint8Array>, fail: (what: string) => Error): ByteReader {
  const chunks = source[Symbol.asyncIterator]()
  let chunk: Uint8Array = new Uint8Array(0)
  let at = 0
  let offset = 0

  async function more(): Promise<boolean> {
    while (at >= chunk.length) {
      const next = await chunks.next()
      if (next.done) return false
      chunk = next.value
      at = 0
    }
    return true
  }

  async function exactly(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length)
    let filled = 0
    while (filled < length) {
      if (!(await more())) throw fail(`it ends at byte ${offset}, ${length - filled} bytes early`)
      const part = chunk.subarray(at, at + length - filled)
      bytes.set(part, filled)
      filled += part.length
      at += part.length
      offset += part.length
    }
    return bytes
  }

  return {
    get offset() {
      return offset
    },
    exactly,
    async close() {
      await chunks.return?.()
    },
    async varint() {
      if (!(await more())) return undefined
      const start = offset
      const bytes: number[] = []
      while (bytes.length < MAX_VARINT_BYTES) {
        const [byte] = await exactly(1)
        bytes.push(byte!)
        if (byte! < 0x80) return varint.decode(Uint8Array.from(bytes))[0]
      }
      throw fail(`no varint at byte ${start}`)
    },
  }
}
