import { Argument, type Command } from 'commander'
import { challenge, refute, resolve } from './challenge.ts'
import { withContext } from './context.ts'
import { vote } from './council.ts'

const STAGE = 'pinned, packed, reported, fetched, or its number from 0'

/** The verbs that hold operators to their answers. */
export function addChallengeCommands(program: Command): void {
  program
    .command('challenge')
    .description("post a bond against an answer that is not final yet; the provider's arbiter rules")
    .argument('<id>')
    .argument('<stage>', STAGE)
    .option('--evidence <text>', 'what the arbiter should know, at most 1,024 bytes', '')
    .option('--bond <fil>', 'more than the least bond, FIL')
    .action(withContext(challenge))

  program
    .command('resolve')
    .description("close a challenge by the arbiter's ruling, or by its silence after the deadline; anyone may")
    .argument('<id>')
    .action(withContext(resolve))

  program
    .command('refute')
    .description('have the chain itself refute an answer that is not final yet; no bond; anyone may')
    .argument('<id>')
    .argument('<stage>', STAGE)
    .action(withContext(refute))

  program
    .command('council')
    .description('rule on challenges, as a member of the council')
    .command('vote')
    .description("vote on a request's open challenge; the deciding vote closes it")
    .argument('<id>')
    .addArgument(
      new Argument('<ruling>', 'upheld: the answer was false; rejected: it was true').choices(['upheld', 'rejected']),
    )
    .action(withContext(vote))
}
