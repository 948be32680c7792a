import { setTimeout as wait } from 'node:timers/promises'
import { toQuantity } from 'ethers'
import { EPOCH_SECONDS } from '../../../oracle/chain/epochs.ts'
import type { Connection } from '../../lib/hardhat.ts'
import { readClock } from '../../lib/perpetual/clock.ts'
import { LOCAL_EPOCH_SECONDS } from '../ground.ts'

const EPOCHS_A_LOOK = 1n
const LOOK_EVERY_MS = 100
const PATIENCE_MS = 60_000

/** Each transaction gets a block at once while `work` goes on: a vote a second would be a long vote. Then epochs pass again. */
export async function withoutWaiting<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  await connection.send('evm_setAutomine', [true])
  try {
    return await work()
  } finally {
    await connection.send('evm_setIntervalMining', [LOCAL_EPOCH_SECONDS])
  }
}

/** Lets epochs of 30 s pass up to `epoch`: what is sent next is in a later one. */
export async function passTo(connection: Connection, epoch: bigint): Promise<void> {
  await pass(connection, epoch - (await readClock(connection)).epoch)
}

/** Lets epochs of 30 s pass until a block's time is `seconds` (Unix) or later. */
export async function passToTime(connection: Connection, seconds: bigint): Promise<void> {
  const { time } = await readClock(connection)
  await pass(connection, (seconds - time + EPOCH_SECONDS - 1n) / EPOCH_SECONDS)
}

/**
 * Lets some epochs pass with every look until `look` gives something else than undefined: a keeper leaves others their turn first.
 * @param what Completes "waited 60 s for …".
 * @throws Error when that does not happen in time.
 */
export async function passUntil<T>(
  connection: Connection,
  what: string,
  look: () => Promise<T | undefined>,
): Promise<T> {
  for (const deadline = Date.now() + PATIENCE_MS; ;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error(`waited ${PATIENCE_MS / 1000} s for ${what}, in vain`)
    await pass(connection, EPOCHS_A_LOOK)
    await wait(LOOK_EVERY_MS)
  }
}

async function pass(connection: Connection, epochs: bigint): Promise<void> {
  if (epochs > 0n) await connection.send('anvil_mine', [toQuantity(epochs), toQuantity(EPOCH_SECONDS)])
}
