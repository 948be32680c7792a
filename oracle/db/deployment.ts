import type { Database } from './open.ts'

/** What a database's rows belong to. */
export interface DeploymentIdentity {
  chainId: bigint
  /** Hash of block 0; null where no node has served it. */
  genesisHash: string | null
  /** Each contract's address (checksummed) and keccak256 of its code, by name. */
  contracts: Record<string, { address: string; codeHash: string }>
}

/** The life of the table `deployment`, which has at most one row. */
export interface DeploymentStore {
  read(): Promise<DeploymentIdentity | undefined>
  write(identity: DeploymentIdentity): Promise<void>
}

export function createDeploymentStore(db: Database): DeploymentStore {
  return {
    async read() {
      const row = await db.selectFrom('deployment').selectAll().executeTakeFirst()
      if (row === undefined) return undefined
      const contracts = JSON.parse(row.contracts) as DeploymentIdentity['contracts']
      return { chainId: BigInt(row.chain_id), genesisHash: row.genesis_hash, contracts }
    },

    async write({ chainId, genesisHash, contracts }) {
      const identity = {
        chain_id: chainId.toString(),
        genesis_hash: genesisHash,
        contracts: JSON.stringify(contracts),
      }
      await db
        .insertInto('deployment')
        .values({ id: 1, ...identity })
        .onConflict((on) => on.column('id').doUpdateSet(identity))
        .execute()
    },
  }
}
