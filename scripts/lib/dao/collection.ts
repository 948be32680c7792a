import { hexlify } from 'ethers'
import { parseCid } from '../cid.ts'
import type { Dao } from './contracts.ts'
import { STORAGE_KINDS, type StorageKind } from './names.ts'
import { cidText } from './subject.ts'

/** A CID of a collection, and what is really stored of it now. */
export interface EntryFacts {
  index: bigint
  cid: string
  /** Bytes of its CAR, at most. */
  size: bigint
  proposer: string
  /** 0n: a member proposed it. */
  providerId: bigint
  proposalId: bigint
  addedEpoch: bigint
  /** 0n while it is in the collection. */
  removedEpoch: bigint
  kind: StorageKind
  /** Of the request or the order. */
  storageId: bigint
  /** Whether all the replicas that were voted for run now. */
  stored: boolean
  wanted: number
  running: number
  /** The first epoch at which one of the running ones ends; 0n: none runs. */
  untilEpoch: bigint
}

const PAGE = 200n

/** All entries that there ever were, in the order in which they were added. */
export async function readCollection({ collection }: Dao): Promise<EntryFacts[]> {
  const found: EntryFacts[] = []
  for (let start = 0n; ; start += PAGE) {
    const [entries, keepings] = await collection.entries(start, PAGE)
    entries.forEach((entry, at) => found.push(toEntry(start + BigInt(at), entry, keepings[at]!)))
    if (BigInt(entries.length) < PAGE) return found
  }
}

/**
 * The entry that a person names: by its place in the collection, from 0, or by its CID.
 * @throws Error that says what there is
 */
export async function findEntry({ collection, name }: Dao, text: string): Promise<EntryFacts> {
  const hint = 'npm run mooring -- dao show lists what is in the collection.'
  let index: bigint
  if (/^\d{1,9}$/.test(text)) {
    index = BigInt(text)
    const count = await collection.entryCount()
    if (index >= count)
      throw Object.assign(new Error(`${name} has no entry ${index}: it counts ${count}, from 0`), { hint })
  } else {
    const cid = parseCid(text, 'neither an entry of the collection nor a CID')
    const [collected, at] = await collection.find(hexlify(cid.bytes))
    if (!collected) throw Object.assign(new Error(`${text} is not in the collection of ${name}`), { hint })
    index = at
  }
  const [[entry], [keeping]] = await collection.entries(index, 1)
  return toEntry(index, entry!, keeping!)
}

type Page = Awaited<ReturnType<Dao['collection']['entries']>>

function toEntry(index: bigint, entry: Page[0][number], keeping: Page[1][number]): EntryFacts {
  const { size, proposer, providerId, proposalId, addedEpoch, removedEpoch, storageId } = entry
  const { stored, wanted, running, untilEpoch } = keeping
  return {
    ...{ index, cid: cidText(entry.cid), size, proposer, providerId, proposalId },
    ...{ addedEpoch, removedEpoch, kind: STORAGE_KINDS[Number(entry.kind)]!, storageId },
    ...{ stored, wanted: Number(wanted), running: Number(running), untilEpoch },
  }
}
