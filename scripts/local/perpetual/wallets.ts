import type { Connection } from '../../lib/hardhat.ts'
import type { Clock } from './clock.ts'

const BLOCKS_AT_ONCE = 32n

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

/** What each account paid for the gas of its transactions after epoch `since`, attoFIL; reads every block that is no jump's. */
export async function gasSince(connection: Connection, clock: Clock, since: bigint): Promise<Map<string, bigint>> {
  const paid = new Map<string, bigint>()
  const head = await clock.epoch()
  const real: bigint[] = []
  for (let at = since + 1n; at <= head; at++) {
    const jump = clock.jumps.find(({ from, to }) => from <= at && at <= to)
    if (jump) at = jump.to
    else real.push(at)
  }
  while (real.length > 0) {
    const blocks = real.splice(0, Number(BLOCKS_AT_ONCE)).map((at) => connection.ethers.provider.getBlock(Number(at)))
    const hashes = (await Promise.all(blocks)).flatMap((block) => block!.transactions)
    for (const receipt of await Promise.all(
      hashes.map((hash) => connection.ethers.provider.getTransactionReceipt(hash)),
    )) {
      paid.set(receipt!.from, (paid.get(receipt!.from) ?? 0n) + receipt!.fee)
    }
  }
  return paid
}
