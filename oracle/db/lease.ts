import { sql, type SqlBool } from 'kysely'

/** Who works on a row and for how long: nobody else touches it meanwhile. */
export interface Lease {
  /** Who holds it: unique per process. */
  owner: string
  ms: number
}

/** The columns of a row that nobody holds. */
export const FREE = { lease_owner: null, lease_until: null }

/** The columns of a row that is held from `time` on, milliseconds since 1970. */
export const heldBy = ({ owner, ms }: Lease, time: number) => ({ lease_owner: owner, lease_until: time + ms })

/** Whether nobody holds a row at `time`, milliseconds since 1970. */
export const isFree = (time: number) => sql<SqlBool>`(lease_until is null or lease_until <= ${time})`
