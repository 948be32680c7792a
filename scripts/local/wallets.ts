import type { Connection } from '../lib/hardhat.ts'

const BLOCKS_AT_ONCE = 32

/** Epochs that a chain jumped over, first and last of each jump: no transaction is in them. */
export type Jumps = readonly { from: bigint; to: bigint }[]

/** Balances of each party's accounts together, attoFIL. */
export async function balancesOf(
  { ethers }: Connection,
  accounts: Record<string, string[]>,
): Promise<Record<string, bigint>> {
  const sum = async (addresses: string[]) => {
    const balances = await Promise.all(addresses.map((address) => ethers.provider.getBalance(address)))
    return balances.reduce((total, balance) => total + balance, 0n)
  }
  const entries = Object.entries(accounts).map(async ([party, addresses]) => [party, await sum(addresses)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

/**
 * What each party has more than it had, its gas not counted, attoFIL.
 * @param before Its balances at the end of epoch `since`; nothing for whoever is not named there.
 */
export async function gainedSince(
  connection: Connection,
  accounts: Record<string, string[]>,
  { before, since, jumps = [] }: { before: Record<string, bigint>; since: bigint; jumps?: Jumps },
): Promise<Record<string, bigint>> {
  const gas = await gasSince(connection, since, jumps)
  const after = await balancesOf(connection, accounts)
  const spent = (addresses: string[]) => addresses.reduce((sum, address) => sum + (gas.get(address) ?? 0n), 0n)
  return Object.fromEntries(
    Object.entries(accounts).map(([party, own]) => [party, after[party]! - (before[party] ?? 0n) + spent(own)]),
  )
}

/** What each account paid for the gas of its transactions after epoch `since`, attoFIL. */
async function gasSince({ ethers }: Connection, since: bigint, jumps: Jumps): Promise<Map<string, bigint>> {
  const paid = new Map<string, bigint>()
  const head = BigInt(await ethers.provider.getBlockNumber())
  const real: bigint[] = []
  for (let at = since + 1n; at <= head; at++) {
    const jump = jumps.find(({ from, to }) => from <= at && at <= to)
    if (jump) at = jump.to
    else real.push(at)
  }
  while (real.length > 0) {
    const blocks = real.splice(0, BLOCKS_AT_ONCE).map((at) => ethers.provider.getBlock(Number(at)))
    const hashes = (await Promise.all(blocks)).flatMap((block) => block!.transactions)
    for (const receipt of await Promise.all(hashes.map((hash) => ethers.provider.getTransactionReceipt(hash)))) {
      paid.set(receipt!.from, (paid.get(receipt!.from) ?? 0n) + receipt!.fee)
    }
  }
  return paid
}
