// npm run test:mutants [-- WORD] : seeds one bug at a time into contracts/ and expects the tests to find it.
import { availableParallelism } from 'node:os'
import { rmSync } from 'node:fs'
import { MUTANTS } from './quality/mutants/index.ts'
import { makeScratch, tryMutant, type Verdict } from './quality/mutants/scratch.ts'

const WORDS: Record<Verdict, string> = { killed: 'killed  ', survived: 'SURVIVED', invalid: 'INVALID ' }

const word = process.argv[2] ?? ''
const chosen = MUTANTS.filter(({ file, what }) => `${file} ${what}`.includes(word))
const queue = chosen.map((mutant, index) => ({ mutant, index }))
const survivors: string[] = []
let done = 0

console.log(`${chosen.length} mutants, ${workers()} at a time; each is compiled and tested in a copy of the sources`)
const baseline = makeScratch()
const healthy = await tryMutant(baseline, undefined, [...new Set(chosen.flatMap(({ tests }) => tests))])
if (healthy.verdict !== 'survived') {
  console.log(`the tests are red without any mutant:\n${healthy.output.slice(-4_000)}`)
  process.exit(1)
}
console.log(`the tests are green without a mutant (${healthy.seconds} s)`)

await Promise.all(Array.from({ length: workers() }, (_, worker) => work(worker === 0 ? baseline : makeScratch())))

console.log(`${chosen.length - survivors.length} of ${chosen.length} mutants killed`)
for (const survivor of survivors) console.log(`NOT KILLED: ${survivor}`)
process.exit(survivors.length === 0 && chosen.length > 0 ? 0 : 1)

async function work(scratch: string): Promise<void> {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { mutant } = next
    const { verdict, seconds, output } = await tryMutant(scratch, mutant, mutant.tests)
    done++
    console.log(
      `${String(done).padStart(3)}/${chosen.length} ${WORDS[verdict]} ${mutant.file}: ${mutant.what} (${seconds} s)`,
    )
    if (verdict !== 'killed') {
      survivors.push(`${mutant.file}: ${mutant.what}`)
      if (verdict === 'invalid') console.log(output.slice(-1_500))
    }
  }
  rmSync(scratch, { recursive: true, force: true })
}

function workers(): number {
  return Math.max(1, Math.min(4, availableParallelism()))
}
