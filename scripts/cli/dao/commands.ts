import { Option, type Command } from 'commander'
import { withContext, withReader } from '../context.ts'
import { cancel } from './cancel.ts'
import { check } from './check.ts'
import { create } from './create.ts'
import { delegate } from './delegate.ts'
import { execute } from './execute.ts'
import { addOrdinaryCommands } from './ordinary-commands.ts'
import { propose } from './propose.ts'
import { remove } from './remove.ts'
import { list, show } from './show.ts'
import { sign } from './sign.ts'
import { submit } from './submit.ts'
import { vote } from './vote.ts'

const PROPOSAL = 'its number, as 3, or its id, or how that begins'
const SUPPORT = 'for, against or abstain'

/** `mooring dao …`: what members, providers and anyone else do with a DAO that curates data. */
export function addDaoCommands(program: Command): void {
  const dao = program
    .command('dao')
    .description('as a member: vote on which CIDs are kept; what passes is stored from the treasury')
  const about = (name: string, description: string) =>
    dao
      .command(name)
      .description(description)
      .addOption(new Option('--dao <address>', 'which DAO (default: the only one there is)').env('MOORING_DAO'))

  dao
    .command('create')
    .description('make a DAO with its members, rules and treasury')
    .requiredOption('--name <text>', 'its name, 64 bytes at most')
    .requiredOption('--symbol <text>', "its membership token's, 16 bytes at most")
    .requiredOption('--members <list|file>', 'addresses, with weights for votes by weight: 0xA=10,0xB=2.5; or a file')
    .option('--voting-delay <time>', 'from a proposal to its vote, as 90m, 2h, 3d, 20epochs', '1h')
    .option('--voting-period <time>', 'how long a vote goes on', '3d')
    .option('--quorum <percent>', 'of all weight that must be for it or abstain, 1 to 50', '25')
    .option('--threshold <weight>', 'what a member needs to propose', '1')
    .option('--late <time>', 'voting that remains once quorum is reached (default: 6h, the whole vote if shorter)')
    .option('--timelock <time>', 'from the queue to the execution', '1d')
    .option('--guardian <address>', 'may cancel what is not executed')
    .option('--guardian-for <time>', 'for so long, 365d at most', '180d')
    .option('--deposit <fil>', "the treasury's first, FIL", '0')
    .action(withContext(create))

  about('propose', 'put a file, a directory or a CID to the vote, with the terms of its storage')
    .argument('<path-or-cid>')
    .option('--kind <how>', 'request: deals, proven once; order: replicas, paid by proven time and renewed', 'request')
    .option('--replicas <n>', 'with as many providers, 1 to 16', '2')
    .option('--days <n>', 'a request: what each deal must still run (180); an order: how long (360), or forever')
    .option('--deadline <epochs>', 'a request: epochs from its execution until it expires', '20160')
    .option('--reward <fil>', 'a request: per replica, FIL (default: 0.05)')
    .option('--price <fil>', 'an order: what a GiB kept a year may cost, FIL')
    .option('--budget <fil>', 'the most that it takes (default: what it costs now, a tenth more for a request)')
    .option('--provider <id>', 'propose for your storage provider, as f01000 or t01000')
    .option('--description <text>', 'what members read (default: Keep CID)')
    .option('--seed <url>', 'where it can be fetched and looked at: a CAR, a gateway, multiaddrs; public')
    .option('--serve <host:port>', 'serve a PATH from here until it is stored (local network: this machine only)')
    .option('--link <text>', 'where a CID is that has to be packed for an order')
    .option('--car <file>', 'where the packed CAR goes (default: CID.car in your folder)')
    .option('--max-bytes <n>', "a CID's largest CAR, bytes: it sets a request's fee (default: 1 GiB)")
    .option('--piece <piece-cid>', 'the piece that a CID is in, instead of packing it')
    .option('--piece-size <size>', 'padded size of a --piece of version 1, as 32GiB')
    .option('--no-wait', 'end once it is proposed; a PATH needs --seed then')
    .option('--yes', 'do not ask')
    .action(withContext(propose))

  about('vote', 'cast your ballot, which stands')
    .argument('<proposal>', PROPOSAL)
    .argument('<choice>', SUPPORT)
    .option('--reason <text>', 'what others read')
    .action(withContext(vote))

  about('sign', 'sign a ballot that anyone can submit; sends nothing')
    .argument('<proposal>', PROPOSAL)
    .argument('<choice>', SUPPORT)
    .option('--reason <text>', 'what others read')
    .option('--expires <time>', 'how long it counts, as 2h (default: to the end of the vote, extended or not)')
    .option('--out <file>', 'where it goes (default: printed)')
    .action(withContext(sign))

  dao
    .command('submit')
    .description('send signed ballots of one proposal, those that count in one transaction; anyone may')
    .argument('<file...>', 'ballots that `dao sign` wrote')
    .action(withContext(submit))

  about('delegate', 'have another vote with your weight, or yourself again')
    .argument('<address|self>')
    .action(withContext(delegate))

  about('execute', 'queue what passed, or execute what has waited, whichever is due; anyone may')
    .argument('<proposal>', PROPOSAL)
    .action(withContext(execute))

  about('remove', 'put it to the vote to take a CID out of the collection')
    .argument('<cid>')
    .requiredOption('--reason <text>', 'what members read')
    .action(withContext(remove))

  addOrdinaryCommands(about)

  about('cancel', 'end a proposal, as its proposer before voting begins, or as the guardian')
    .argument('<proposal>', PROPOSAL)
    .option('--yes', 'do not ask')
    .action(withContext(cancel))

  about('show', 'a DAO with its proposals and what is stored of its collection; or one proposal')
    .argument('[proposal]', PROPOSAL)
    .action(withReader(show))

  about('check', 'fetch the CID that a proposal asks to keep, and compare size and piece with what it says')
    .argument('<proposal>', PROPOSAL)
    .option('--link <text>', 'where the CID is: a CAR, a gateway, multiaddrs (default: the seed, else IPFS)')
    .action(withReader(check))

  dao.command('list').description('the DAOs of this deployment').action(withReader(list))
}
