import { setTimeout as wait } from 'node:timers/promises'
import { toQuantity } from 'ethers'
import { EPOCH_SECONDS } from '../../../oracle/chain/epochs.ts'

/** Blocks that exist in every respect, mined around a jump: those in it are numbers without a parent. */
const REAL_BEFORE = 3n
const REAL_AFTER = 3n

const LOOK_EVERY_MS = 100
/** A keeper leaves others their turn for some epochs before it acts: they are not to take long. */
const EPOCHS_A_LOOK = 4n
const PATIENCE_MS = 60_000

/** What the clock needs of a chain. */
export interface Mineable {
  send(method: string, params: unknown[]): Promise<unknown>
}

/** Time on a simulated chain, where an epoch is a block. */
export interface Clock {
  epoch(): Promise<bigint>
  /** Lets epochs pass. */
  pass(epochs: bigint): Promise<void>
  /** Lets time pass up to `epoch`; does nothing if it has been already. */
  passTo(epoch: bigint): Promise<void>
  /**
   * Lets some epochs pass with every look until `look` gives something else than undefined.
   * @param what Completes "waited 60 s for …".
   * @throws Error when that does not happen in time.
   */
  until<T>(what: string, look: () => Promise<T | undefined>): Promise<T>
  /** Epochs that were jumped over, first and last of each jump: no transaction is in them. */
  jumps: readonly { from: bigint; to: bigint }[]
}

export function createClock(chain: Mineable, patienceMs = PATIENCE_MS): Clock {
  const jumps: { from: bigint; to: bigint }[] = []
  const epoch = async () => BigInt((await chain.send('eth_blockNumber', [])) as string)
  const mine = async (epochs: bigint) => {
    for (let i = 0n; i < epochs; i++) await chain.send('evm_mine', [])
  }

  async function pass(epochs: bigint): Promise<void> {
    const jumped = epochs - REAL_BEFORE - REAL_AFTER
    if (jumped < REAL_BEFORE + REAL_AFTER) return mine(epochs)

    await mine(REAL_BEFORE)
    await chain.send('hardhat_mine', [toQuantity(jumped), toQuantity(EPOCH_SECONDS)])
    const to = await epoch()
    jumps.push({ from: to - jumped + 1n, to })
    await mine(REAL_AFTER)
  }

  return {
    epoch,
    pass,
    jumps,
    async passTo(target) {
      const left = target - (await epoch())
      if (left > 0n) await pass(left)
    },
    async until(what, look) {
      for (const deadline = Date.now() + patienceMs; ;) {
        const found = await look()
        if (found !== undefined) return found
        if (Date.now() > deadline) throw new Error(`waited ${patienceMs / 1000} s for ${what}, in vain`)
        await mine(EPOCHS_A_LOOK)
        await wait(LOOK_EVERY_MS)
      }
    },
  }
}
