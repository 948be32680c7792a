import { CEILINGS, FAILURE_PERCENTS, POLICIES } from './policies.ts'
import { scale, type Scale } from './scale.ts'
import type { Row } from './report.ts'

/** A row of panels: one figure of each scenario. */
interface Metric {
  title: string[]
  unit: string
  of: (row: Row) => number
  /** Where the axis begins, if the figures allow it; it ends where they do. */
  from: number
  format: (value: number) => string
}

const METRICS: readonly Metric[] = [
  {
    title: ['Time at full', 'replication'],
    unit: '% of all time',
    of: ({ fullPercent }) => fullPercent,
    from: 100,
    format: (value) => `${value} %`,
  },
  {
    title: ['Longest time', 'at zero replicas'],
    unit: 'years; of 100 orders, 95 fare better',
    of: ({ longestZeroDays95 }) => longestZeroDays95 / 365,
    from: 0,
    format: String,
  },
  {
    title: ['Money used'],
    unit: "of what the first day's market price comes to",
    of: ({ paid }) => paid,
    from: 0,
    format: (value) => `${value} ×`,
  },
]

const COLUMNS: Record<(typeof POLICIES)[number]['name'], string> = {
  market: 'Market price, left alone',
  generous: 'Double the market price, left alone',
  tended: 'Market price, set anew every year',
}

/** How a ceiling is drawn: where lines lie on each other, the later and thinner one leaves the earlier visible. */
interface Line {
  colour: string
  width: number
  name: string
  mark: (x: number, y: number) => string
}

const LINES: Record<number, Line> = {
  1: { colour: '#8b97a5', width: 5, name: 'flat: the price never rises', mark: square },
  2: { colour: '#2f6db5', width: 2.6, name: 'rises to 2 × before a term ends', mark: circle },
  10: { colour: '#c9730a', width: 1.6, name: 'rises to 10 × before a term ends', mark: diamond },
}

const WIDTH = 1200
const LEFT = 190
const TOP = 140
const PANEL = { width: 286, height: 190, right: 46, below: 62, inset: 24 }
const HEIGHT = TOP + METRICS.length * (PANEL.height + PANEL.below) + 10
const STYLE = [
  '.h{font-size:19px;font-weight:bold;fill:#1d2733}',
  '.c{font-size:14.5px;font-weight:bold;text-anchor:middle;fill:#1d2733}',
  '.m{font-size:14.5px;font-weight:bold;fill:#1d2733}',
  '.l{font-size:12.5px;fill:#44505e}',
  '.x{font-size:12px;text-anchor:middle;fill:#44505e}',
  '.y{font-size:12px;text-anchor:end;fill:#44505e}',
  '.g{stroke:#dde4ec;stroke-width:1}',
  '.a{stroke:#7a8796;stroke-width:1.2}',
].join('')

/** The scenarios as a drawing: a column of panels for each price policy, a row for each figure, a line for each ceiling. */
export function picture(rows: readonly Row[]): string {
  const panels = METRICS.flatMap((metric, row) => {
    const values = scale(rows.map(metric.of), metric.from)
    return POLICIES.map(({ name }, column) =>
      panel(
        rows.filter(({ policy }) => policy === name),
        metric,
        values,
        {
          x: LEFT + column * (PANEL.width + PANEL.right),
          y: TOP + row * (PANEL.height + PANEL.below),
        },
      ),
    )
  })
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="Helvetica, Arial, sans-serif" role="img" aria-label="Twenty years of PerpetualStorage by price policy, ceiling and failure rate">`,
    `<style>${STYLE}</style>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" rx="14" fill="#ffffff"/>`,
    text(24, 40, 'h', 'Twenty years of an order with three replicas'),
    text(24, 75, 'm', 'Ceiling'),
    ...legend(),
    ...POLICIES.map(({ name }, column) =>
      text(LEFT + column * (PANEL.width + PANEL.right) + PANEL.width / 2, TOP - 16, 'c', COLUMNS[name]),
    ),
    ...panels,
    text(
      LEFT + (3 * PANEL.width + 2 * PANEL.right) / 2,
      HEIGHT - 14,
      'x',
      'storage providers that fail for good within a year',
    ),
  ].join('\n')}\n</svg>\n`
}

interface Corner {
  x: number
  y: number
}

function panel(rows: readonly Row[], metric: Metric, values: Scale, { x, y }: Corner): string {
  const acrossOf = (percent: number) => {
    const place = FAILURE_PERCENTS.findIndex((one) => one === percent) / (FAILURE_PERCENTS.length - 1)
    return round(x + PANEL.inset + (PANEL.width - 2 * PANEL.inset) * place)
  }
  const upOf = (value: number) =>
    round(y + PANEL.height - (PANEL.height * (value - values.from)) / (values.to - values.from))
  const grid = values.ticks.flatMap((tick) => [
    `<line x1="${x}" y1="${upOf(tick)}" x2="${x + PANEL.width}" y2="${upOf(tick)}" class="g"/>`,
    text(x - 8, upOf(tick) + 4, 'y', metric.format(tick)),
  ])
  const marks = FAILURE_PERCENTS.map((percent) => text(acrossOf(percent), y + PANEL.height + 18, 'x', `${percent} %`))
  const lines = CEILINGS.flatMap((ceiling) => {
    const { colour, width, mark } = LINES[ceiling]!
    const points = rows
      .filter((row) => row.ceiling === ceiling)
      .map((row) => [acrossOf(row.failurePercent), upOf(metric.of(row))] as const)
    const path = points.map(([across, up]) => `${across},${up}`).join(' ')
    return [
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"/>`,
      `<g fill="${colour}">${points.map(([across, up]) => mark(across, up)).join('')}</g>`,
    ]
  })
  const axis = `<line x1="${x}" y1="${y + PANEL.height}" x2="${x + PANEL.width}" y2="${y + PANEL.height}" class="a"/>`
  const label = x === LEFT ? rowLabel(metric, y) : []
  return [...label, ...grid, axis, ...marks, ...lines].join('\n')
}

function rowLabel({ title, unit }: Metric, y: number): string[] {
  const words = unit.split('; ').flatMap((part) => wrap(part, 20))
  return [
    ...title.map((line, index) => text(24, y + 20 + 19 * index, 'm', line)),
    ...words.map((line, index) => text(24, y + 24 + 19 * title.length + 16 * index, 'l', line)),
  ]
}

function legend(): string[] {
  let x = LEFT
  return CEILINGS.flatMap((ceiling) => {
    const { colour, width, name, mark } = LINES[ceiling]!
    const at = x
    x += 90 + name.length * 6.6
    return [
      `<line x1="${at}" y1="71" x2="${at + 40}" y2="71" stroke="${colour}" stroke-width="${width}"/>`,
      `<g fill="${colour}">${mark(at + 20, 71)}</g>`,
      text(at + 50, 75, 'l', name),
    ]
  })
}

function wrap(words: string, most: number): string[] {
  const lines: string[] = []
  for (const word of words.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < most) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

const text = (x: number, y: number, style: string, words: string): string =>
  `<text x="${x}" y="${y}" class="${style}">${words}</text>`
const round = (value: number): number => Math.round(value * 10) / 10

function square(x: number, y: number): string {
  return `<rect x="${round(x - 5)}" y="${round(y - 5)}" width="10" height="10"/>`
}

function circle(x: number, y: number): string {
  return `<circle cx="${x}" cy="${y}" r="4.4"/>`
}

function diamond(x: number, y: number): string {
  return `<path d="M${x} ${round(y - 4)}l4 4l-4 4l-4 -4z"/>`
}
