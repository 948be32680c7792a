/** How far an Edge node is with a content: no deal proposed yet, proposed, on chain and active, or given up. */
export type EdgeState = 'pending' | 'dealing' | 'active' | 'failed'

/** Statuses of Edge and its deal engine before a proposal is made; the empty one is a row not looked at yet. */
const PENDING = new Set([
  '',
  'pending',
  'pinned',
  'open',
  'processing',
  'filled',
  'uploading',
  'uploaded-to-delta',
  'retry',
  'piece-computing',
  'piece-computed',
  'piece-assigned',
])

/** Statuses from which an Edge node does not come back by itself. */
const FAILED = new Set([
  'error',
  'failed-to-pin',
  'failed-to-process',
  'piece-computing-failed',
  'deal-proposal-failed',
  'transfer-failed',
  'StorageDealProposalRejected',
  'StorageDealRejecting',
  'StorageDealFailing',
  'StorageDealError',
  'StorageDealExpired',
  'StorageDealSlashed',
])

/** Sorts the status texts of Edge, Delta and go-fil-markets; one that is not known counts as a deal under way. */
export function toEdgeState(statusText: string): EdgeState {
  if (statusText === 'StorageDealActive') return 'active'
  if (FAILED.has(statusText)) return 'failed'
  if (PENDING.has(statusText)) return 'pending'
  return 'dealing'
}
