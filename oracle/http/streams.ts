import { createReadStream, type ReadStream } from 'node:fs'
import type { FastifyReply } from 'fastify'
import type { ByteRange } from './range.ts'

/** A reader that takes nothing for so long loses its place, milliseconds. */
const STALL_MS = 60_000

/** Files that are being served: so many at once and no more. */
export interface FileStreams {
  readonly open: number
  /** Answers with the file's bytes; nothing when all places are taken. */
  send(reply: FastifyReply, file: string, range: ByteRange): FastifyReply | undefined
  /** Breaks off whatever is being served. */
  close(): void
}

/** @param limit Streams at the same time. */
export function createFileStreams(limit: number): FileStreams {
  const running = new Set<ReadStream>()
  return {
    get open() {
      return running.size
    },
    send(reply, file, { start, end }) {
      if (running.size >= limit) return undefined
      const stream = createReadStream(file, { start, end })
      running.add(stream)
      stream.once('close', () => running.delete(stream))
      reply.raw.setTimeout(STALL_MS, () => reply.raw.destroy())
      return reply.send(stream)
    },
    close() {
      for (const stream of running) stream.destroy()
    },
  }
}
