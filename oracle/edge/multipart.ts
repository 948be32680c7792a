import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'

/** Bytes of the file in memory at a time. */
const READ_BYTES = 256 * 1024

export interface MultipartBody {
  headers: { 'content-type': string; 'content-length': string }
  body: ReadableStream<Uint8Array>
}

/** A multipart/form-data body of text fields and one file, read from disk as it is sent; its length is known beforehand. */
export async function multipartFile(
  fields: Record<string, string>,
  file: { field: string; path: string; name: string; contentType: string },
): Promise<MultipartBody> {
  const boundary = `mooring-${randomUUID()}`
  const { size } = await stat(file.path)
  const head = Buffer.from(
    Object.entries(fields)
      .map(
        ([name, value]) =>
          `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`,
      )
      .join('') +
      `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(file.field)}"; filename="${quoted(file.name)}"\r\n` +
      `Content-Type: ${file.contentType}\r\n\r\n`,
  )
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)

  async function* body(): AsyncGenerator<Uint8Array> {
    yield head
    yield* createReadStream(file.path, { highWaterMark: READ_BYTES })
    yield tail
  }
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + size + tail.length),
    },
    body: Readable.toWeb(
      Readable.from(body(), { objectMode: false, highWaterMark: READ_BYTES }),
    ) as ReadableStream<Uint8Array>,
  }
}

/** As browsers write names into form data: quotes and line breaks percent-encoded. */
function quoted(name: string): string {
  return name.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22')
}
