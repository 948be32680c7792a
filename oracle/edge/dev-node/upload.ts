import type { Multipart, MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { HandlerError } from './envelope.ts'

export interface Upload<T> {
  /** The text fields, whichever side of the file they come. */
  fields: Record<string, string>
  /** What `receive` made of the file; undefined where the form has none. */
  file?: { name: string; received: T }
}

/** Reads a multipart form whose file `data` is consumed by `receive` as it streams in. The request is read to its end in any case. */
export async function readUpload<T>(
  request: FastifyRequest,
  receive: (source: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<Upload<T>> {
  const upload: Upload<T> = { fields: {} }
  let failure: Error | undefined
  for await (const part of request.parts() as AsyncIterable<Multipart>) {
    if (part.type === 'field') {
      upload.fields[part.fieldname] = String(part.value)
    } else if (part.fieldname === 'data' && !upload.file && !failure) {
      await receive(whole(part)).then(
        (received) => (upload.file = { name: part.filename, received }),
        (error: unknown) => (failure = error instanceof Error ? error : new Error(String(error))),
      )
    }
    if (part.type === 'file') part.file.resume()
  }
  if (failure) throw failure
  return upload
}

/** The file's bytes. Leaving off in the middle does not tear the connection down: the sender is to read why. */
async function* whole({ file }: MultipartFile): AsyncGenerator<Uint8Array> {
  yield* file.iterator({ destroyOnReturn: false })
  if (file.truncated) throw new HandlerError('the file is larger than this node takes')
}
