import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { SQLInputValue } from 'node:sqlite'
import type { Inclusion } from '../../proofs/inclusion.ts'
import { decodeInclusion, encodeInclusion } from './inclusion-json.ts'

/** A CAR on disk, byte for byte as it came. */
export interface CarRow {
  id: string
  root: string
  bytes: number
  piece_digest: Uint8Array | null
  piece_size: number | null
}

/** One CAR for one miner. */
export interface ContentRow {
  id: number
  car_id: string
  name: string
  cid: string
  bytes: number
  miner: string
  api_key: string
  make_deal: number
  bucket_uuid: string | null
  inclusion: string | null
  piece_digest: Uint8Array | null
  piece_size: number | null
  created_at: number
  updated_at: number
}

/** The contents that become one deal with one miner. */
export interface BucketRow {
  id: number
  uuid: string
  provider_id: string
  /** The deal's label as the upload wished it; null: the bucket's own. Such a bucket has this one content. */
  label: string | null
  status: string
  bytes: number
  aggregate_digest: Uint8Array | null
  aggregate_size: number | null
  deal_id: number
  deal_uuid: string
  /** How often a deal was proposed for this bucket. */
  attempt: number
  last_message: string
  /** When the next step is due, ms since 1970. */
  due_at: number
  created_at: number
  updated_at: number
}

export interface BlockPlace {
  car_id: string
  offset: number
  length: number
}

export type NewContent = Pick<ContentRow, 'name' | 'miner' | 'api_key' | 'make_deal'> & {
  providerId: bigint
  /** What its deal is to be labelled with; it gets a bucket of its own then. */
  label?: string
}
export type BucketChange = Partial<
  Omit<BucketRow, 'id' | 'uuid' | 'provider_id' | 'label' | 'created_at' | 'updated_at'>
>

const SCHEMA = `
  create table if not exists car (id text primary key, root text not null, bytes integer not null, piece_digest blob, piece_size integer) strict;
  create table if not exists block (multihash blob not null, car_id text not null, offset integer not null, length integer not null,
    primary key (multihash, car_id)) strict, without rowid;
  create table if not exists content (id integer primary key autoincrement, car_id text not null references car (id), name text not null,
    miner text not null, api_key text not null, make_deal integer not null, bucket_uuid text references bucket (uuid), inclusion text,
    created_at integer not null, updated_at integer not null) strict;
  create table if not exists bucket (id integer primary key autoincrement, uuid text not null unique, provider_id text not null,
    label text, status text not null, bytes integer not null default 0, aggregate_digest blob, aggregate_size integer, deal_id integer not null default 0,
    deal_uuid text not null default '', attempt integer not null default 0, last_message text not null default '', due_at integer not null,
    created_at integer not null, updated_at integer not null) strict;
  create table if not exists sent (key text primary key, raw text not null, hash text not null) strict;
  create index if not exists content_bucket on content (bucket_uuid);
  create index if not exists car_root on car (root);
`
const CONTENT =
  'select content.*, car.root as cid, car.bytes, car.piece_digest, car.piece_size from content join car on car.id = content.car_id'

export type DevNodeStore = ReturnType<typeof openStore>

/**
 * Everything the node has answered for, in one SQLite file; each change is on disk before the call returns, so that nothing answered is
 * lost by a kill -9.
 */
export function openStore(dataDir: string, clock: () => number = Date.now) {
  mkdirSync(dataDir, { recursive: true })
  const db = new DatabaseSync(join(dataDir, 'edge.sqlite'))
  db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  db.exec(SCHEMA)
  const columns = db
    .prepare('pragma table_info (bucket)')
    .all()
    .map(({ name }) => name)
  if (!columns.includes('label')) db.exec('alter table bucket add column label text') // of an earlier version
  db.exec('delete from block where car_id not in (select id from car)') // of uploads that were cut off

  const all = <T>(sql: string, ...values: SQLInputValue[]) => db.prepare(sql).all(...values) as unknown as T[]
  const one = <T>(sql: string, ...values: SQLInputValue[]) => db.prepare(sql).get(...values) as unknown as T | undefined
  const run = (sql: string, ...values: SQLInputValue[]) => db.prepare(sql).run(...values)

  function transaction<T>(work: () => T): T {
    db.exec('begin immediate')
    try {
      const result = work()
      db.exec('commit')
      return result
    } catch (error) {
      db.exec('rollback')
      throw error
    }
  }

  /** The open bucket of a provider; a new one, due after `ageMs`, where there is none. */
  function openBucket(providerId: bigint, ageMs: number): BucketRow {
    const found = one<BucketRow>(
      `select * from bucket where provider_id = ? and status = 'open' and label is null`,
      String(providerId),
    )
    return found ?? addBucket(providerId, ageMs, null)
  }

  function addBucket(providerId: bigint, ageMs: number, label: string | null): BucketRow {
    const [uuid, now] = [crypto.randomUUID(), clock()]
    run(
      `insert into bucket (uuid, provider_id, label, status, due_at, created_at, updated_at) values (?, ?, ?, 'open', ?, ?, ?)`,
      ...[uuid, String(providerId), label, now + ageMs, now, now],
    )
    return one<BucketRow>('select * from bucket where uuid = ?', uuid)!
  }

  return {
    /** Notes where blocks lie in a CAR that is being received; they count once the CAR is added. */
    addBlocks(carId: string, blocks: { multihash: Uint8Array; offset: number; length: number }[]): void {
      transaction(() => {
        const insert = db.prepare('insert or ignore into block (multihash, car_id, offset, length) values (?, ?, ?, ?)')
        for (const { multihash, offset, length } of blocks) insert.run(multihash, carId, offset, length)
      })
    },
    dropBlocks(carId: string): void {
      run('delete from block where car_id = ?', carId)
    },
    findBlock(multihash: Uint8Array): BlockPlace | undefined {
      return one('select block.* from block join car on car.id = block.car_id where multihash = ?', multihash)
    },

    /** Adds a CAR and its contents, each into the open bucket of its provider; a bucket that is full is due at once. */
    addContents(
      car: Pick<CarRow, 'id' | 'root' | 'bytes'>,
      contents: NewContent[],
      bucket: { ageMs: number; bytes: number },
    ): ContentRow[] {
      return transaction(() => {
        run('insert into car (id, root, bytes) values (?, ?, ?)', car.id, car.root, car.bytes)
        return contents.map(({ name, miner, api_key, make_deal, providerId, label }) => {
          const now = clock()
          const own = label === undefined ? undefined : () => addBucket(providerId, 0, label)
          const into = make_deal ? (own?.() ?? openBucket(providerId, bucket.ageMs)) : undefined
          if (into) {
            const bytes = into.bytes + car.bytes
            const dueAt = bytes >= bucket.bytes ? now : into.due_at
            run('update bucket set bytes = ?, due_at = ?, updated_at = ? where uuid = ?', bytes, dueAt, now, into.uuid)
          }
          const { lastInsertRowid } = run(
            `insert into content (car_id, name, miner, api_key, make_deal, bucket_uuid, created_at, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?)`,
            ...[car.id, name, miner, api_key, make_deal, into?.uuid ?? null, now, now],
          )
          return one<ContentRow>(`${CONTENT} where content.id = ?`, lastInsertRowid)!
        })
      })
    },
    /** Adds a CAR of which no content is to be told. */
    addCar({ id, root, bytes }: Pick<CarRow, 'id' | 'root' | 'bytes'>): void {
      run('insert into car (id, root, bytes) values (?, ?, ?)', id, root, bytes)
    },
    cars: () => all<CarRow>('select * from car'),
    findCar: (root: string) => one<CarRow>('select * from car where root = ?', root),
    setCarPiece(carId: string, digest: Uint8Array, size: number): void {
      run('update car set piece_digest = ?, piece_size = ? where id = ?', digest, size, carId)
    },

    content: (id: string) =>
      /^\d{1,15}$/.test(id) ? one<ContentRow>(`${CONTENT} where content.id = ?`, Number(id)) : undefined,
    contentsByCid: (cid: string) => all<ContentRow>(`${CONTENT} where car.root = ? order by content.id`, cid),
    contentByPiece: (digest: Uint8Array) =>
      one<ContentRow>(`${CONTENT} where car.piece_digest = ? order by content.id`, digest),
    contentsOf: (bucketUuid: string) =>
      all<ContentRow>(`${CONTENT} where bucket_uuid = ? order by content.id`, bucketUuid),
    list(apiKey: string, limit: number, offset: number): { total: number; contents: ContentRow[] } {
      const { total } = one<{ total: number }>('select count(*) as total from content where api_key = ?', apiKey)!
      const contents = all<ContentRow>(
        `${CONTENT} where api_key = ? order by content.id desc limit ? offset ?`,
        apiKey,
        limit,
        offset,
      )
      return { total, contents }
    },
    stats: () =>
      one<{ count: number; bytes: number }>(
        'select count(*) as count, coalesce(sum(car.bytes), 0) as bytes from content join car on car.id = content.car_id',
      )!,

    /** Whether something was uploaded for a deal with this label. */
    hasLabel: (label: string) => one('select id from bucket where label = ?', label) !== undefined,
    bucket: (uuid: string) => one<BucketRow>('select * from bucket where uuid = ?', uuid),
    /** Buckets that are due for their next step, in order. */
    dueBuckets: () => all<BucketRow>('select * from bucket where due_at <= ? order by due_at, id', clock()),
    changeBucket(uuid: string, change: BucketChange): void {
      const names = Object.keys(change) as (keyof BucketChange)[]
      const values = names.map((name) => change[name] ?? null)
      run(
        `update bucket set ${names.map((name) => `${name} = ?, `).join('')} updated_at = ? where uuid = ?`,
        ...values,
        clock(),
        uuid,
      )
    },
    /** Ends the packing of a bucket: its aggregate and the proof of each of its contents, at once. */
    fillBucket(uuid: string, change: BucketChange, inclusions: { contentId: number; inclusion: Inclusion }[]): void {
      transaction(() => {
        for (const { contentId, inclusion } of inclusions) {
          run(
            'update content set inclusion = ?, updated_at = ? where id = ?',
            encodeInclusion(inclusion),
            clock(),
            contentId,
          )
        }
        this.changeBucket(uuid, change)
      })
    },
    inclusionOf: (content: ContentRow): Inclusion | undefined =>
      content.inclusion === null ? undefined : decodeInclusion(content.inclusion),

    /** The signed transaction that was written down under `key` before it was sent. */
    sent: (key: string) => one<{ raw: string; hash: string }>('select raw, hash from sent where key = ?', key),
    noteSent(key: string, raw: string, hash: string): void {
      run('insert or replace into sent (key, raw, hash) values (?, ?, ?)', key, raw, hash)
    },

    close(): void {
      db.close()
    },
  }
}
