import { PermanentError, RetryableError } from '../errors.ts'
import type { ErrorWords } from '../errors.ts'

/** Nobody served the block or the DAG in time. A later attempt goes on where this one ended. */
export class CidUnreachable extends RetryableError {}

/** A block that a kept DAG needs is not on this disk. */
export class BlockMissing extends RetryableError {}

/** The DAG is over a limit of its request: CAR bytes, blocks, depth, or the size of one block. */
export class DagTooLarge extends PermanentError {
  constructor(message: string, words: ErrorWords = {}) {
    super(message, { ...words, reason: 'TooLarge' })
  }
}

/** Bytes that do not hash to their CID, cannot be decoded, or use a codec or a hash nobody here knows. */
export class BadBlock extends PermanentError {
  constructor(message: string, words: ErrorWords = {}) {
    super(message, { ...words, reason: 'BadContent' })
  }
}

/** A URL's bytes are not the content that they should be. */
export class ContentDiffers extends PermanentError {
  constructor(message: string, words: ErrorWords = {}) {
    super(message, { ...words, reason: 'BadContent' })
  }
}

/** The request's fetch link is none of the three kinds, or not well-formed. */
export class FetchLinkInvalid extends PermanentError {
  constructor(message: string, words: ErrorWords = {}) {
    super(message, {
      hint: 'give nothing, multiaddrs that end in /p2p/…, or the http(s) URL of a CAR or a trustless gateway',
      ...words,
      reason: 'BadContent',
    })
  }
}

/** A fetch link leads to an address that is not on the public internet. */
export class PrivateAddress extends PermanentError {
  constructor(message: string, words: ErrorWords = {}) {
    super(message, {
      hint: 'use a public address (MOORING_ALLOW_PRIVATE=1 is for the local chain alone)',
      ...words,
      reason: 'BadContent',
    })
  }
}

/** A file, name or directory that cannot be imported as UnixFS. */
export class PathRefused extends PermanentError {
  constructor(message: string, words: ErrorWords = {}) {
    super(message, { ...words, reason: 'BadContent' })
  }
}
