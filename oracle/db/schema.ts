import type { ColumnType, Generated } from 'kysely'

/**
 * The tables. Amounts, ids and byte counts that a contract keeps as uint256 are decimal TEXT; blocks and epochs are INTEGER
 * (see {@link storedEpoch}); times are milliseconds since 1970; JSON is TEXT; digests and payloads are BLOB.
 */
export interface Schema {
  deployment: DeploymentTable
  cursor: CursorTable
  block: BlockTable
  request: RequestTable
  perpetual_request: PerpetualRequestTable
  replica: ReplicaTable
  answer: AnswerTable
  dispute: DisputeTable
  kept_piece: KeptPieceTable
  slot_deal: SlotDealTable
  retrieval: RetrievalTable
  intent: IntentTable
  storage_order: StorageOrderTable
  slot: SlotTable
  keeping: KeepingTable
  dao: DaoTable
  proposal: ProposalTable
  ballot: BallotTable
  collection_entry: CollectionEntryTable
}

/** A block number or an epoch: written as bigint or number, read as number. */
type Height = ColumnType<number, number | bigint, number | bigint>
type NullableHeight = ColumnType<number | null, number | bigint | null, number | bigint | null>

/** The one chain and set of contracts that every other row belongs to. */
export interface DeploymentTable {
  id: 1
  chain_id: string
  /** Hash of block 0; null where the node does not serve it. */
  genesis_hash: string | null
  /** JSON: name → { address, codeHash }. */
  contracts: string
}

/** How far a reader of logs has come. */
export interface CursorTable {
  name: string
  /** The last block whose logs are processed, inclusive; may be a null round. */
  block_number: Height
  /** Hash of the last non-null block at or below `block_number`; null before the first. */
  block_hash: string | null
}

/** Processed blocks that a reorg may still remove. */
export interface BlockTable {
  number: Height
  hash: string
  parent_hash: string
}

/** A request that this operator works on. */
export interface RequestTable {
  /** The request's id in the registry, decimal. */
  id: string
  provider_id: string
  /** The asking contract, checksummed. */
  requester: string
  job: number
  payload: Uint8Array
  max_bytes: string
  deadline_epoch: Height
  block_number: Height
  block_hash: string
  tx_hash: string
  log_index: number
  state: string
  cid: string | null
  fetch_link: Uint8Array | null
  replicas: number | null
  car_path: string | null
  car_bytes: string | null
  /** What a URL served, for a *fetch* request. */
  size_bytes: string | null
  piece_digest: Uint8Array | null
  piece_size: string | null
  fail_reason: string | null
  /** Words of the last error, for people. */
  error: string | null
  attempts: Generated<number>
  /** When the row is to be looked at again; null when nothing is to be done. */
  due_at: number | null
  /** Block of the event that ended the request; null while none did. */
  ended_block: NullableHeight
  /** How that event ended it, while this operator still looks for its own answer; null otherwise. */
  ended_as: string | null
  /** When what it left on the disk was removed; null while it was not. */
  cleaned_at: number | null
  lease_owner: string | null
  lease_until: number | null
  created_at: number
  updated_at: number
}

/** A request that is to go on as an order of PerpetualStorage, as the chain's events tell it. */
export interface PerpetualRequestTable {
  request_id: string
  asked_block: Height
  /** The order that it has become; null until then. */
  order_id: Generated<string | null>
  /** Block of the event that made it an order, or ended it otherwise; null while none did. */
  ended_block: NullableHeight
  updated_at: number
}

/** One copy of a request's piece with one provider, through one Edge node. */
export interface ReplicaTable {
  request_id: string
  /** The provider as Edge names it (f01234 or t01234). */
  miner: string
  edge_url: string | null
  content_id: string | null
  /** Edge's own word for where it stands. */
  status_text: string | null
  deal_id: string | null
  provider_id: string | null
  aggregate_digest: Uint8Array | null
  aggregate_size: string | null
  /** JSON of the inclusion proof. */
  inclusion: string | null
  /** Block in which the contract counted the deal; null while it did not. */
  proven_block: NullableHeight
  state: string
  /** Words of the last error, for people. */
  error: string | null
  attempts: Generated<number>
  due_at: number | null
  updated_at: number
}

/** The quorum's answer to one stage of a request, as the chain's events tell it. */
export interface AnswerTable {
  request_id: string
  stage: number
  /** 1: an answer. 0: a failure. */
  ok: number
  /** The answer; for a failure `abi.encode(FailReason)`. */
  data: Uint8Array
  /** keccak256(abi.encode(ok, data)), hex. */
  answer_hash: string
  answered_block: Height
  /** The last epoch, inclusive, at which it can be challenged, as far as it is known. */
  mature_epoch: Height
  /** Block in which its operators were paid; null while they were not. */
  settled_block: NullableHeight
  /** Block in which the requester took the callback; null while it did not. */
  delivered_block: NullableHeight
  /** Block in which it was undone; null while it stands. */
  undone_block: NullableHeight
  /** Callbacks that failed, and the block of the last of them. */
  delivery_failures: Generated<number>
  delivery_failed_block: NullableHeight
  /** The epoch at which this operator looks after its delivery; null: never. */
  due_epoch: NullableHeight
  /** The `answer_hash` that was compared with what this operator found; null while none was. */
  judged_hash: Generated<string | null>
  updated_at: number
}

/** Whether the holder of a replica serves its payload: what checks of this operator saw. */
export interface RetrievalTable {
  slot: string
  nonce: string
  /** Actor id of the holder. */
  provider: string
  ok_count: Generated<number>
  failure_count: Generated<number>
  last_ok_at: Generated<number | null>
  last_failure_at: Generated<number | null>
  last_error: Generated<string | null>
  /** When it is to be checked next. */
  due_at: number
}

/** Work on a row, which one process has at a time: see lease.ts. */
interface WorkColumns {
  state: string
  /** Words of the last error, for people. */
  error: string | null
  /** Failed attempts. */
  attempts: Generated<number>
  /** When the row is to be looked at again; null when nothing is to be done. */
  due_at: number | null
  lease_owner: Generated<string | null>
  lease_until: Generated<number | null>
  created_at: number
  updated_at: number
}

/** A deal that this operator has made for a claimed slot, through one Edge node. */
export interface SlotDealTable extends WorkColumns {
  slot: string
  nonce: string
  order_id: string
  /** Actor id of the claiming provider. */
  provider: string
  /** The provider as Edge names it (f01234 or t01234). */
  miner: string
  /** The file name under which the Edge node is given the piece: by it the upload is found again. */
  upload_name: string
  edge_url: string
  content_id: string | null
  /** Edge's own word for where it stands. */
  status_text: string | null
  deal_id: string | null
}

/** A piece of storage orders that is kept here for those who seal it, or is to be. */
export interface KeptPieceTable extends WorkColumns {
  /** v1, text. */
  piece_cid: string
  piece_digest: Uint8Array
  piece_size: string
  payload_cid: string | null
  seed: Uint8Array
  car_path: string | null
  car_bytes: string | null
}

/** An answer that is not what this operator found. */
export interface DisputeTable {
  request_id: string
  stage: number
  answer_hash: string
  /** What the quorum answered, and what this operator found, for people. */
  answered: string
  found: string
  /** 1: whoever looks must find the same. */
  sure: number
  state: string
  outcome: string | null
  /** Of this operator's challenge, attoFIL; null while there is none. */
  bond: string | null
  attempts: Generated<number>
  /** What its people were told last. */
  told: string | null
  /** Block of the event that ended it; null while none did. */
  closed_block: NullableHeight
  created_at: number
  updated_at: number
}

/**
 * A row that tells how something was from one block on, until another block's row took its place: so a reorg can be undone for rows
 * that are sums of events. At most one row of an `id` has no `until_block`: it is how things are.
 */
interface VersionColumns {
  id: string
  from_block: Height
  until_block: NullableHeight
  /** Position in `from_block` of the last event that is in it. */
  log_index: number
  updated_at: number
}

/** An order of PerpetualStorage, as the chain's events tell it. */
export interface StorageOrderTable extends VersionColumns {
  client: string
  status: string
  version: number
  replicas: number
  price: string
  ceiling: string
  end_epoch: Height
  opened_epoch: Height
  piece_cid: Uint8Array
  piece_size: string
  piece_digest: Uint8Array
  payload_cid: Uint8Array
  seed: Uint8Array
  free: string
  reserved: string
  /** JSON of its terms. */
  terms: string
  /** JSON: the providers on its list. */
  listed: string
  /** JSON: actor → until when it is barred. */
  barred: string
}

/** The last claim of a seat of an order, as the chain's events tell it. */
export interface SlotTable extends VersionColumns {
  order_id: string
  nonce: string
  state: string
  kind: string
  provider: string
  owner: string
  poster: string
  price: string
  collateral: string
  max_term_epochs: Height
  order_end: Height
  claimed_epoch: Height
  claim_by: Height
  start_epoch: Height
  end_epoch: Height
  proven_to: Height
  fault_since: Height
  deal_id: string
  sector: string
  paid: string
}

/** A DataDAO that is followed, as its events tell it; its id is its address. */
export interface DaoTable extends VersionColumns {
  name: string
  treasury: string
  collection: string
  membership: string
  voting_delay: Height
  voting_period: Height
  proposal_threshold: string
  quorum_percent: number
  late_extension: Height
  timelock_delay_seconds: number
  guardian: string
  guardian_until: Height
  /** JSON; null until they are set. */
  default_terms: string | null
}

/** What was put to a DataDAO's vote, as its events tell it. */
export interface ProposalTable extends VersionColumns {
  dao: string
  subject: string
  proposer: string
  provider_id: string
  cid: Uint8Array | null
  size: string | null
  /** JSON of the storage terms. */
  terms: string | null
  description: string
  snapshot: Height
  deadline: Height
  /** JSON: targets, values, calldatas, descriptionHash. */
  payload: string
  /** Of the timelock, hex. */
  operation: string
  against_votes: string
  for_votes: string
  abstain_votes: string
  standing: string
  /** Unix second; 0: not queued. */
  eta: number
  earmarked: string
}

/** What one voter said to one proposal. */
export interface BallotTable {
  proposal_id: string
  voter: string
  support: string
  weight: string
  reason: string
  block_number: Height
  log_index: number
}

/** A CID that a DataDAO keeps, or kept; its id is the DAO's address and the entry's index. */
export interface CollectionEntryTable extends VersionColumns {
  dao: string
  position: string
  cid: Uint8Array
  proposal_id: string
  kind: string
  storage_id: string
  added_epoch: Height
  removed_epoch: NullableHeight
  reason: string | null
}

/** A transaction by which one of this operator's keepers does what is due, and what it costs. */
export interface KeepingTable {
  /** The intent's key. */
  key: string
  /** The head when it was decided. */
  epoch: Height
  /** JSON: the slots, or the proposals, that it is about. */
  slots: string
  /** JSON: its calls in words. */
  calls: string
  /** The most that its gas can cost, attoFIL, and since which epoch. */
  most: string
  raised_epoch: Height
  /** What its gas did cost, attoFIL; null until that is known. */
  cost: string | null
  updated_at: number
}

/** A transaction that this operator wants on the chain, exactly once. */
export interface IntentTable {
  /** Order of submission. */
  position: Generated<number>
  /** The caller's idempotency key, as `report:12:0`. */
  key: string
  from_address: string
  to_address: string
  data: Uint8Array
  value: string
  /** The most that its gas may cost, attoFIL; null: no limit of its own. */
  max_cost: Generated<string | null>
  /** JSON of the event whose presence means success; null where none is expected. */
  expect: string | null
  state: 'queued' | 'sent' | 'confirmed' | 'refused' | 'failed'
  nonce: number | null
  /** JSON: every transaction hash ever signed for the intent, oldest first. */
  hashes: string
  /** JSON: the signed transactions of the present nonce, oldest first. */
  raw: string
  /** The chain's head when the intent was first signed: its event cannot be older. */
  first_block: NullableHeight
  /** The chain's head when the newest of `raw` was signed. */
  sent_block: NullableHeight
  /** JSON of why it was refused or failed. */
  error: string | null
  /** Block of the transaction that did it. */
  block_number: NullableHeight
  created_at: number
  updated_at: number
}

/** The newest epoch an INTEGER column takes: JavaScript's largest exact integer, far beyond any chain's life. */
const LAST_EPOCH = BigInt(Number.MAX_SAFE_INTEGER)

/** An epoch as the tables keep it. A contract's uint64 may exceed an INTEGER; "for ever" stays "for ever". */
export function storedEpoch(epoch: bigint): number {
  return Number(epoch > LAST_EPOCH ? LAST_EPOCH : epoch)
}
