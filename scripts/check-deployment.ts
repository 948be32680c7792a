// npm run check-deployment -- --network NAME : compares chain, code and configuration with the deployment file; read-only.
import { Command, Option } from 'commander'
import { compareDeployment } from './deploy/compare.ts'
import { deploymentFile, readDeployment } from './deploy/deployments.ts'
import { differs, MEND } from './deploy/facts.ts'
import { failWithWords } from './lib/fail.ts'
import { build, connect, NETWORKS } from './lib/hardhat.ts'

const program = new Command('check-deployment')
  .description(
    'Compares a deployment file with the chain: identity, code, governance, rules and operators. Sends nothing.',
  )
  .addOption(new Option('--network <name>', 'a network of hardhat.config.ts').choices(NETWORKS).makeOptionMandatory())
  .showHelpAfterError('(--help tells what is possible)')
  .parse()
const { network } = program.opts<{ network: string }>()

try {
  const deployment = readDeployment(network)
  await build()
  const connection = await connect(network, { readOnly: true })
  const facts = await compareDeployment(connection, deployment)
  for (const { what, expected, actual } of facts) {
    const same = expected === actual
    console.log(
      `${same ? 'same     ' : 'DIFFERENT'}  ${what}: ${same ? actual : `expected ${expected}, found ${actual}`}`,
    )
  }
  const different = facts.filter(differs)
  for (const kind of new Set(different.map(({ kind }) => kind))) console.log(`what to do (${kind}): ${MEND[kind]}`)
  console.log(`${deploymentFile(network)}: ${facts.length} facts compared, ${different.length} different`)
  await connection.close()
  process.exitCode = different.length === 0 ? 0 : 1
} catch (error) {
  failWithWords(error)
}
