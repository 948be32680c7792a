import { brokenOf, renderCheck } from '../check.ts'
import type { Progress } from '../progress.ts'
import { balancesOf, gainedSince } from '../wallets.ts'
import { claims } from './acts/claims.ts'
import { end } from './acts/end.ts'
import { order } from './acts/order.ts'
import { pay } from './acts/pay.ts'
import { renew } from './acts/renew.ts'
import { repair } from './acts/repair.ts'
import { takeOver } from './acts/take-over.ts'
import { booksOf } from './books.ts'
import { accountsOf, partiesOf } from './cast.ts'
import { checksOf, type Reality } from './checks.ts'
import { outcomeOf, type PlayOutcome } from './outcome.ts'
import type { Stage } from './stage.ts'
import { renderTable } from './table.ts'
import { startPlayWorld } from './world.ts'

/**
 * A year of perpetual storage: an order with two replicas; of three providers one fails, one loses its sector, one renews; the client
 * cancels. Prints each step, then who put in, earned, lost and got back what.
 * @param path What is kept.
 */
export async function playPerpetual(progress: Progress, path: string, signal: AbortSignal): Promise<PlayOutcome> {
  const { stage, stop } = await startPlayWorld(progress, path)
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  try {
    signal.throwIfAborted()
    return await Promise.race([play(stage), aborted])
  } finally {
    await stop()
  }
}

async function play(stage: Stage): Promise<PlayOutcome> {
  const started = performance.now()
  const { connection, clock, cast, perpetual, narrator, progress } = stage
  const accounts = accountsOf(cast)
  const since = await clock.epoch()
  const before = await balancesOf(connection, accounts)

  const orderId = await order(stage)
  const { sealed, failed } = await claims(stage, orderId)
  const takenOver = await takeOver(stage, orderId, failed)
  await pay(stage, orderId)
  await repair(stage, orderId, sealed)
  await renew(stage, orderId, takenOver)
  await end(stage, orderId)

  const reality: Reality = {
    gained: await gainedSince(connection, accounts, { before, since, jumps: clock.jumps }),
    contractBalance: await connection.ethers.provider.getBalance(perpetual),
    liabilities: await perpetual.liabilities(),
    leftInOrder: await leftIn(stage, orderId),
  }
  const books = booksOf(narrator.events, partiesOf(cast))
  const checks = checksOf(books, reality)
  progress.note(['', ...renderTable(books), '', ...checks.map(renderCheck), ''].join('\n'))
  const seconds = (performance.now() - started) / 1000
  return outcomeOf(orderId, narrator.events, books, brokenOf(checks).length === 0, seconds)
}

async function leftIn({ perpetual }: Stage, orderId: bigint): Promise<bigint> {
  const { free, reserved } = await perpetual.getOrder(orderId)
  return free + reserved
}
