/** The life of a bucket, as an Edge node and its deal engine tell it. */
export const BUCKET_WALK = [
  'open', // until it is full or old
  'processing', // its pieces are computed and aggregated
  'filled',
  'uploading',
  'uploaded-to-delta',
  'deal-proposal-sent',
  'transfer-started',
  'transfer-finished',
  'StorageDealPublishing', // the deal is published: from the next step on it has an id
  'StorageDealAwaitingPreCommit',
  'StorageDealSealing', // the deal is activated
  'StorageDealActive',
] as const

export type BucketStatus = (typeof BUCKET_WALK)[number] | 'error'

/** Until its deal engine has the bucket, Edge calls the contents pinned. */
const FIRST_OF_DELTA = BUCKET_WALK.indexOf('uploaded-to-delta')

export function nextStatus(status: string): BucketStatus {
  return BUCKET_WALK[stepOf(status) + 1] ?? 'error'
}

/** What a content of a bucket in `status` is called. */
export function contentStatus(status: string | undefined): string {
  if (status === undefined) return 'pinned'
  return status === 'error' || stepOf(status) >= FIRST_OF_DELTA ? status : 'pinned'
}

/** Whether the deal engine has been given the bucket. */
export function isWithDelta(status: string): boolean {
  return stepOf(status) >= FIRST_OF_DELTA
}

function stepOf(status: string): number {
  return (BUCKET_WALK as readonly string[]).indexOf(status)
}
