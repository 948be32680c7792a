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
    entries.forEach((entry, at) => {
      const { size, proposer, providerId, proposalId, addedEpoch, removedEpoch, storageId } = entry
      const { stored, wanted, running, untilEpoch } = keepings[at]!
      found.push({
        ...{ index: start + BigInt(at), cid: cidText(entry.cid), size, proposer, providerId, proposalId },
        ...{ addedEpoch, removedEpoch, kind: STORAGE_KINDS[Number(entry.kind)]!, storageId },
        ...{ stored, wanted: Number(wanted), running: Number(running), untilEpoch },
      })
    })
    if (BigInt(entries.length) < PAGE) return found
  }
}
