import type { ReadContext } from './context.ts'

const TELL_EVERY_MS = 2_000

/** Tells how many bytes have been done, now and then. */
export function progressOf({ note }: ReadContext, doing: string): (bytes: bigint) => void {
  let told = Date.now()
  return (bytes) => {
    if (Date.now() - told < TELL_EVERY_MS) return
    told = Date.now()
    note(`${doing}: ${bytes.toLocaleString('en-US')} B`)
  }
}
