/** An axis: from where to where, and where its lines are. */
export interface Scale {
  from: number
  to: number
  ticks: number[]
}

const STEPS = [1, 2, 2.5, 5, 10]

/** An axis of three to six round steps that holds all values and `anchor`. */
export function scale(values: readonly number[], anchor: number): Scale {
  const least = Math.min(anchor, ...values)
  const most = Math.max(anchor, ...values)
  const raw = (most - least || 1) / 5
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = STEPS.find((one) => one * power >= raw)! * power
  const first = Math.floor(least / step)
  const last = Math.max(first + 1, Math.ceil(most / step))
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)))
  return { from: ticks[0]!, to: ticks.at(-1)!, ticks }
}
