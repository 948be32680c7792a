// npm run test:mutants [-- --jobs N --from N WORD] : seeds one bug at a time into contracts/ and expects the tests to find it.
import { failWithWords } from './lib/fail.ts'
import { build } from './lib/hardhat.ts'
import { repoRoot } from './lib/paths.ts'
import { MUTANTS } from './quality/mutants/index.ts'
import type { Verdict } from './quality/mutants/judge.ts'
import { parseMutantOptions, USAGE, type MutantOptions } from './quality/mutants/options.ts'
import { inOrder, keyOf, planner, type Plan } from './quality/mutants/plan.ts'
import { summarise, timeLeft, type Result } from './quality/mutants/report.ts'
import { Bench } from './quality/mutants/trial.ts'

const WORDS: Record<Verdict, string> = { killed: 'killed  ', survived: 'SURVIVED', invalid: 'INVALID ' }

const benches: Bench[] = []
process.on('exit', () => benches.forEach((bench) => bench.clear()))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1))

try {
  const options = parseMutantOptions(process.argv.slice(2))
  if (!options) console.log(USAGE)
  else process.exit((await tryAll(options)) ? 0 : 1)
} catch (error) {
  failWithWords(error)
}

async function tryAll({ word, jobs, from }: MutantOptions): Promise<boolean> {
  console.log('compiling the contracts and their tests')
  await build({ tests: true })
  const plan = planner(repoRoot)
  const plans = inOrder(MUTANTS.filter(({ file, what }) => `${file} ${what}`.includes(word)).map(plan)).slice(from - 1)
  if (plans.length === 0) throw new Error(`expected '${word}' in the file or the words of a mutant, it is in none`)

  console.log(`${plans.length} mutants, ${jobs} at a time`)
  benches.push(...Array.from({ length: jobs }, () => new Bench(repoRoot)))
  await requireHealthy(plans)
  console.log('without a mutant the same way makes the same code, and the tests are green')

  const results = await judgeAll(plans, from)
  console.log(`\n${summarise(results)}`)
  for (const { mutant, verdict } of results) {
    if (verdict !== 'killed') console.log(`${verdict.toUpperCase()}: ${mutant.file}: ${mutant.what}`)
  }
  return results.every(({ verdict }) => verdict === 'killed')
}

/** Without a mutant nothing may differ from what `npm test` sees: or else a kill could be the doing of this command. */
async function requireHealthy(plans: readonly Plan[]): Promise<void> {
  const kinds = [...new Map(plans.map((plan) => [keyOf(plan), plan])).values()]
  await share(kinds, async (bench, plan) => {
    const others = await bench.compare(plan)
    if (others.length > 0)
      throw new Error(`expected the code that Hardhat made, got other code of ${others.join(', ')}`)
  })
  const tests = [...new Set(plans.flatMap((plan) => plan.tests))]
  const halves = [tests.filter((test) => test.endsWith('.sol')), tests.filter((test) => !test.endsWith('.sol'))]
  await share(
    halves.filter((half) => half.length > 0),
    async (bench, half) => {
      const { verdict, output } = await bench.run(half)
      if (verdict !== 'survived') throw new Error(`the tests are red without any mutant:\n${output.slice(-4_000)}`)
    },
  )
}

async function judgeAll(plans: readonly Plan[], from: number): Promise<Result[]> {
  const started = Date.now()
  const last = from - 1 + plans.length
  const results: Result[] = []
  await share(plans, async (bench, plan) => {
    const { mutant } = plan
    const { verdict, why, seconds } = await bench.try(plan)
    results.push({ mutant, verdict })
    const done = String(from - 1 + results.length).padStart(String(last).length)
    const left = timeLeft(results.length, plans.length, Date.now() - started)
    console.log(`${done}/${last} ${WORDS[verdict]} ${mutant.file}: ${mutant.what} (${seconds} s; ${left})`)
    if (why) console.log(`        ${verdict === 'killed' ? 'by ' : ''}${why}`)
  })
  return results
}

/** Each bench takes the next as soon as it is free. */
async function share<T>(work: readonly T[], each: (bench: Bench, item: T) => Promise<void>): Promise<void> {
  const queue = [...work]
  await Promise.all(
    benches.map(async (bench) => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await each(bench, item)
    }),
  )
}
