// npm run deploy -- --network NAME : deploys the contracts and writes deployments/NAME.json.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { deployMooring } from './deploy/deploy-mooring.ts'
import { writeDeployment } from './deploy/deployments.ts'
import { build, connect, NETWORKS } from './lib/hardhat.ts'
import { failWithWords } from './lib/fail.ts'
import { repoRoot } from './lib/paths.ts'

const program = new Command('deploy')
  .description('Deploys Mooring and writes deployments/NETWORK.json. The deployer becomes the first operator.')
  .addOption(new Option('--network <name>', 'a network of hardhat.config.ts').choices(NETWORKS).makeOptionMandatory())
  .option('--reporter <address>', "the operator's reporting key (default: the deployer)")
  .option('--endpoint <url>', 'where people find the operator')
  .option('--force', 'replace an existing deployment file')
  .parse()
const options = program.opts<{ network: string; reporter?: string; endpoint?: string; force?: boolean }>()

try {
  const file = join(repoRoot, 'deployments', `${options.network}.json`)
  if (existsSync(file) && !options.force) {
    throw new Error(`${file} exists: Mooring is deployed there already. Pass --force to deploy anew and replace it.`)
  }
  await build()
  const connection = await connect(options.network)
  const deployment = await deployMooring(connection, { ...options, onStep: (words) => console.log(words) })
  writeDeployment(deployment, file)
  console.log(
    `written: deployments/${options.network}.json (compare at any time: npm run check-deployment -- --network ${options.network})`,
  )
  await connection.close()
} catch (error) {
  failWithWords(error)
}
