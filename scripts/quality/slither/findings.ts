import type { Accepted } from './accepted.ts'

/** What Slither's `--json` says of one finding, as far as it is read here. */
export interface Detected {
  check: string
  impact: 'High' | 'Medium' | 'Low' | 'Informational' | 'Optimization'
  description: string
  elements: Element[]
}

interface Element {
  type: string
  name: string
  type_specific_fields?: { parent?: Element }
}

export interface Sorted {
  /** High and medium findings that nobody accepted. */
  open: Detected[]
  accepted: Detected[]
  /** Acceptances of what is not found any more, as `check: where`. */
  stale: string[]
}

/** Where a finding is: `Contract.function`, `Contract.variable` for a variable in storage, or `Contract`. */
export function whereOf({ elements }: Pick<Detected, 'elements'>): string {
  const names: string[] = []
  for (let element: Element | undefined = elements[0]; element; element = element.type_specific_fields?.parent) {
    const stored = element.type === 'variable' && element.type_specific_fields?.parent?.type === 'contract'
    if (stored || element.type === 'function' || element.type === 'contract') names.unshift(element.name)
  }
  return names.join('.')
}

/** Holds what Slither found against what was accepted: nothing is accepted that is not named, and nothing named that is not found. */
export function sortFindings(found: readonly Detected[], list: readonly Accepted[]): Sorted {
  const open: Detected[] = []
  const accepted: Detected[] = []
  const unused = new Set(list.flatMap(({ check, where }) => where.map((place) => `${check}: ${place}`)))
  for (const finding of found) {
    if (finding.impact !== 'High' && finding.impact !== 'Medium') continue
    const where = whereOf(finding)
    const known = list.some((entry) => entry.check === finding.check && entry.where.includes(where))
    ;(known ? accepted : open).push(finding)
    unused.delete(`${finding.check}: ${where}`)
  }
  return { open, accepted, stale: [...unused] }
}
