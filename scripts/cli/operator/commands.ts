import type { Command } from 'commander'
import { withContext, withReader } from '../context.ts'
import { join } from './join.ts'
import { accept, rotate } from './reporter.ts'
import { show } from './show.ts'
import { leave, optIn, topup, withdrawStake } from './stake.ts'

/** `mooring operator …`: joining a provider, and everything an operator does with its keys and its stake. */
export function addOperatorCommands(program: Command): void {
  const operator = program
    .command('operator')
    .description('join a provider as an operator, change keys and stake, leave')
  const verb = (name: string, description: string) => operator.command(name).description(description)
  const ofProvider = (command: Command) =>
    command.option('--provider <edge|id>', 'the provider: edge, or an id in OracleRegistry', 'edge')

  ofProvider(verb('join', 'take a seat with stake; says what is missing, and accepts for a reporter whose key is here'))
    .requiredOption('--stake <fil>', 'what you put at stake, FIL')
    .option('--reporter <address>', 'the (hot) key that votes (default: the account that signs)')
    .option('--endpoint <text>', 'where people find you, at most 256 bytes', '')
    .action(withContext(join))

  verb('accept', 'agree to vote for an operator, signed with the key that it appointed')
    .argument('<operator-id>')
    .action(withContext(accept))

  ofProvider(verb('rotate', 'appoint another key to vote; the present one votes until the new one accepts'))
    .requiredOption('--reporter <address>', 'the new key')
    .action(withContext(rotate))

  ofProvider(verb('topup', 'add to your stake'))
    .requiredOption('--stake <fil>', 'what you add, FIL')
    .action(withContext(topup))

  ofProvider(verb('optin', "agree to a version of the provider's rules: the announced one, or the one in force"))
    .argument('<version>')
    .action(withContext(optIn))

  ofProvider(verb('leave', 'no further votes; the stake can be withdrawn 7 days later')).action(withContext(leave))

  ofProvider(verb('withdraw', "move the stake of an operator that has left to its owner's credit; anyone may"))
    .argument('[operator-id]', 'yours unless given')
    .action(withContext(withdrawStake))

  ofProvider(verb('show', 'stake, locks, earnings, record, version and unbonding of an operator'))
    .argument('[operator-id]', "unless given, that of --from, or the deployment's first")
    .action(withReader(show))
}
