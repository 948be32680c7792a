// npm run mooring -- VERB … : the command line for people who ask, operate, challenge and rule. Each verb has a file in cli/.
import { Command, Option } from 'commander'
import { addChallengeCommands } from './cli/challenge-commands.ts'
import { complete } from './cli/complete.ts'
import { withContext, withReader } from './cli/context.ts'
import { addDaoCommands } from './cli/dao/commands.ts'
import { deliver } from './cli/deliver.ts'
import { refund, withdraw } from './cli/money.ts'
import { addOperatorCommands } from './cli/operator/commands.ts'
import { request } from './cli/request.ts'
import { addSlotCommands } from './cli/slots/commands.ts'
import { status } from './cli/status.ts'
import { addStorageCommands } from './cli/storage/commands.ts'
import { NETWORKS } from './lib/hardhat.ts'
import { DEFAULT_TERM_EPOCHS } from './lib/submit.ts'

const program = new Command('mooring')
  .description('Ask on-chain. Stored on Filecoin. Proven on-chain.')
  .addOption(new Option('--network <name>', 'a network of hardhat.config.ts').choices(NETWORKS).default('local'))
  .option('--from <address>', "which of the network's accounts signs (default: the first)")
  .option('--json', 'print one JSON object for programs')
  .showHelpAfterError('(--help, also after a verb, tells what is possible)')
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    'after',
    '\nKeys of real networks come from the keystore (npx hardhat keystore set MOORING_KEY) or the environment, never from files.',
  )

program
  .command('request')
  .description('ask for a file, a directory or a CID to be kept; a PATH is served from here until it is packed')
  .argument('<path-or-cid>')
  .option('--replicas <n>', 'deals with as many different providers, 1 to 16', '1')
  .option('--term <epochs>', 'what each deal must still run, epochs of 30 s', String(DEFAULT_TERM_EPOCHS))
  .option('--deadline <epochs>', 'epochs from now until the request expires', '20160')
  .option('--reward <fil>', 'reward per replica, FIL', '0.05')
  .option('--max-bytes <n>', "largest CAR, bytes: it sets the fee (default: PATH's own, 1 GiB for a CID)")
  .option('--link <text>', 'where the CID is: multiaddrs with /p2p, or the http(s) URL of a CAR or a trustless gateway')
  .option('--listen <multiaddrs>', 'where PATH is served, comma separated (local network: this machine only)')
  .option('--no-wait', 'end once it is asked (and, for a PATH, packed)')
  .action(withContext(request))

program.command('status').description('what the chain knows of a request').argument('<id>').action(withReader(status))

program
  .command('complete')
  .description("show a request's deals to the contract with an Edge node's proofs; anyone may")
  .argument('<id>')
  .option('--edge <url>', 'the Edge node')
  .option('--edge-key <key>', 'its API key')
  .action(withContext(complete))

program
  .command('refund')
  .description("book what a request did not spend to its requester's credit; anyone may")
  .argument('<id>')
  .action(withContext(refund))

program.command('withdraw').description('pay your credits to you').action(withContext(withdraw))

program
  .command('deliver')
  .description("make the callbacks of a request's final answers that failed or are due; anyone may")
  .argument('<id>')
  .action(withContext(deliver))

addChallengeCommands(program)
addOperatorCommands(program)
addStorageCommands(program)
addSlotCommands(program)
addDaoCommands(program)

await program.parseAsync()
