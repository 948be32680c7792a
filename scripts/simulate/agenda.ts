/** What happens later, earliest first; of the same epoch, what was put down first. */
export class Agenda<T> {
  readonly #entries: { epoch: number; what: T }[] = []

  /** Few entries at a time: the latest first, so that taking is cheap. */
  add(epoch: number, what: T): void {
    const entries = this.#entries
    let at = entries.length
    while (at > 0 && entries[at - 1]!.epoch <= epoch) at--
    entries.splice(at, 0, { epoch, what })
  }

  /** Epoch of the earliest; Infinity when there is none. */
  get next(): number {
    return this.#entries.at(-1)?.epoch ?? Infinity
  }

  take(): T {
    const entry = this.#entries.pop()
    if (!entry) throw new Error('nothing is left on the agenda')
    return entry.what
  }
}
