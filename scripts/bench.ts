// npm run bench [-- pieces|main-job|large-file] : how fast and how large, with ratios; never a test.
import { largeFile, mainJob } from './bench/main-job.ts'
import { pieces } from './bench/pieces.ts'

const BENCHES: Record<string, () => Promise<void>> = { pieces, 'main-job': mainJob, 'large-file': largeFile }

const named = process.argv[2]
if (named !== undefined && !(named in BENCHES)) {
  console.error(`expected one of ${Object.keys(BENCHES).join(', ')}, got '${named}'`)
  process.exit(1)
}
for (const [name, run] of Object.entries(BENCHES)) {
  if (named !== undefined && named !== name) continue
  console.log(`\n${name}`)
  await run()
}
process.exit(0)
