import type { Command } from 'commander'
import { withContext, withReader } from '../context.ts'
import { claim } from './claim.ts'
import { earnings, withdraw } from './earnings.ts'
import { fetch } from './fetch.ts'
import { abandon, resign } from './leave.ts'
import { list } from './list.ts'
import { prove } from './prove.ts'
import { settle } from './settle.ts'
import { show } from './show.ts'

/** `mooring slots …`: what a storage provider does to earn with storage orders. */
export function addSlotCommands(program: Command): void {
  const slots = program
    .command('slots')
    .description('as a storage provider: find, claim, prove and settle replica slots')
  const verb = (name: string, description: string) => slots.command(name).description(description)

  verb('list', 'slots that can be claimed now, the best paid first')
    .option('--min-price <fil>', 'pays at least so much for a GiB kept a year, FIL')
    .option('--max-size <size>', 'largest padded piece, bytes or as 32GiB')
    .option('--provider <id>', "leaves out what is another provider's alone, as f01000")
    .action(withReader(list))

  verb('claim', 'put the collateral down and take a slot; what it can earn is said first')
    .argument('<slot>')
    .requiredOption('--provider <id>', 'your provider, as f01000; you sign as its owner, worker or control address')
    .option('--min-price <fil>', 'the least pay for a GiB kept a year, FIL (default: as it is now)')
    .option('--yes', 'do not ask')
    .action(withContext(claim))

  verb('fetch', "download the slot's piece and verify it; goes on from where it broke off")
    .argument('<slot>')
    .requiredOption('--to <file>', 'where it goes')
    .option('--from <url>', "another place than the order's seed")
    .action(withReader(fetch))

  verb('prove', 'show the replica to the chain, by a deal or a sector')
    .argument('<slot>')
    .option('--deal <id>', 'the deal that stores the piece, or an aggregate with it')
    .option('--sector <number>', 'the sector that your miner told of, or extended')
    .option('--proof <file>', "an Edge node's answer with the inclusion proof, for an aggregate")
    .action(withContext(prove))

  verb('settle', 'be paid for the time up to now, as Filecoin shows the replica; anyone may')
    .argument('[slot]')
    .option('--all', 'all slots of --provider')
    .option('--provider <id>', 'whose slots, as f01000')
    .action(withContext(settle))

  verb('abandon', 'give a claim back within its fetch window, for 5 % of the collateral')
    .argument('<slot>')
    .action(withContext(abandon))

  verb('resign', "leave an active slot before its end; the collateral becomes the order's")
    .argument('<slot>')
    .option('--yes', 'do not ask')
    .action(withContext(resign))

  verb('earnings', 'what a provider may withdraw, and what is due by when')
    .requiredOption('--provider <id>', 'as f01000')
    .action(withReader(earnings))

  verb('withdraw', "pay what a provider earned to its owner's address; anyone may")
    .requiredOption('--provider <id>', 'as f01000')
    .action(withContext(withdraw))

  verb('show', 'where a slot stands, and what is to be done by when').argument('<slot>').action(withReader(show))
}
