/** What a DAG may cost. Every operator measures it in the same order, so every operator draws the same line. */
export interface DagLimits {
  /** Size of the canonical CAR, bytes. */
  maxBytes: bigint
  /** Distinct CIDs, the inlined ones included. */
  maxBlocks: number
  /** Links between the root (depth 0) and a block, on the way the canonical order first meets it. */
  maxDepth: number
}

export interface FetchLimits extends DagLimits {
  /** Wall time of one attempt, ms. */
  timeoutMs: number
}

/** What fetching the file behind a URL may cost. */
export interface UrlLimits {
  /** Size of the file, bytes. */
  maxBytes: bigint
  /** Wall time of one attempt, ms. */
  timeoutMs: number
}

/** No limit: for a DAG that was measured when it was fetched. */
export const UNLIMITED: DagLimits = { maxBytes: 2n ** 64n, maxBlocks: Infinity, maxDepth: Infinity }

/** Largest block, bytes. Bitswap messages end at 4 MiB; a larger block could not be exchanged again. */
export const MAX_BLOCK_BYTES = 4 * 1024 * 1024

/** Longest digest of an identity CID, bytes: the bound of Helia and of the Go implementations. */
export const MAX_IDENTITY_BYTES = 128

/** Links that may wait while the walk is below them: bounds its memory against DAGs made of links. */
export const MAX_WAITING_LINKS = 1 << 20
