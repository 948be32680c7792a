import { PermanentError, RetryableError } from '../errors.ts'
import type { ErrorWords } from '../errors.ts'

/** The Edge node did not answer, or answered that it cannot now. */
export class EdgeUnavailable extends RetryableError {}

/** The API key is missing or not accepted. Retryable: the operator can mend it, the request is not at fault. */
export class EdgeUnauthorized extends RetryableError {}

/** An answer in none of the shapes that Edge nodes are known to give. Retryable: proxies in between answer so for a while. */
export class EdgeShapeUnknown extends RetryableError {}

/** The Edge node will not serve this request, however often it is asked. */
export class EdgeRefused extends PermanentError {
  constructor(message: string, words: ErrorWords = {}) {
    super(message, { ...words, reason: 'DealFailed' })
  }
}

/** The Edge node knows no such content (any more): its data was lost, or another node is asked. Upload again. */
export class EdgeContentUnknown extends EdgeRefused {}
