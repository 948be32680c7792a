// npm run deploy -- --network NAME : deploys the contracts and writes deployments/NAME.json.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isAddress } from 'ethers'
import { Command, InvalidArgumentError, Option } from 'commander'
import { deployMooring } from './deploy/deploy-mooring.ts'
import { writeDeployment } from './deploy/deployments.ts'
import { build, connect, NETWORKS } from './lib/hardhat.ts'
import { failWithWords } from './lib/fail.ts'
import { repoRoot } from './lib/paths.ts'

interface Options {
  network: string
  reporter?: string
  endpoint?: string
  governor?: string
  council?: string[]
  admit?: string[]
  force?: boolean
}

const program = new Command('deploy')
  .description(
    'Deploys Mooring and writes deployments/NETWORK.json. A timelock of 8 days owns the Edge provider; the deployer joins as its first operator, with the least stake.',
  )
  .addOption(new Option('--network <name>', 'a network of hardhat.config.ts').choices(NETWORKS).makeOptionMandatory())
  .option('--reporter <address>', "the operator's reporting key (default: the deployer)", address)
  .option('--endpoint <url>', 'where people find the operator')
  .option('--governor <address>', 'who proposes to the timelock (default: the deployer)', address)
  .option('--council <addresses>', 'who rule on challenges, comma separated (default: the deployer alone)', addresses)
  .option('--admit <addresses>', 'owners of operators that may join from the start, comma separated', addresses)
  .option('--force', 'replace an existing deployment file')
  .showHelpAfterError('(--help tells what is possible)')
  .parse()
const { reporter, endpoint, ...options } = program.opts<Options>()

try {
  const file = join(repoRoot, 'deployments', `${options.network}.json`)
  if (existsSync(file) && !options.force) {
    throw new Error(`${file} exists: Mooring is deployed there already. Pass --force to deploy anew and replace it.`)
  }
  if (!options.council) {
    console.warn('warning: the deployer alone rules on challenges. Name a council: --council 0xA,0xB,0xC')
  }
  await build()
  const connection = await connect(options.network)
  const deployment = await deployMooring(connection, {
    ...options,
    operators: [{ reporter, endpoint }],
    onStep: (words) => console.log(words),
  })
  writeDeployment(deployment, file)
  console.log(
    `written: deployments/${options.network}.json (compare at any time: npm run check-deployment -- --network ${options.network})`,
  )
  await connection.close()
} catch (error) {
  failWithWords(error)
}

function address(text: string): string {
  if (!isAddress(text)) throw new InvalidArgumentError('Expected an address: 0x and 40 hex digits.')
  return text
}

function addresses(text: string): string[] {
  return text.split(',').map((each) => address(each.trim()))
}
