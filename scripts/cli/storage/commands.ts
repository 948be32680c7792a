import type { Command } from 'commander'
import { withContext, withReader } from '../context.ts'
import { ask } from './ask.ts'
import { end, price, replicas, resume, seed, suspend } from './change.ts'
import { continueAsOrder } from './continue.ts'
import { cancel, topup, withdraw } from './money.ts'
import { open } from './open.ts'
import { list, show } from './show.ts'

/** `mooring storage …`: what a client does with an order that keeps replicas for as long as its money lasts. */
export function addStorageCommands(program: Command): void {
  const storage = program
    .command('storage')
    .description('as a client: have replicas kept, proven and renewed for as long as your money lasts')
  const verb = (name: string, description: string) => storage.command(name).description(description)

  verb('open', 'pack a file, a directory or a CID, and open an order for its piece; what it costs is said first')
    .argument('<path-or-cid>', 'what to keep; also a piece CID')
    .option('--replicas <n>', 'with as many providers, each of another owner, 1 to 16', '3')
    .option('--years <n>', 'for so long the money is to last', '5')
    .option('--price <fil>', 'what a GiB kept a year may cost, FIL')
    .option('--max-cost <fil>', 'instead: what all of it may cost, FIL')
    .option('--ceiling <fil>', "to which the price of a successor rises near a term's end (default: twice --price)")
    .option('--term <days>', 'longest term of a replica, 180 to 1278 (default: about a year)')
    .option('--collateral <fil>', 'what a provider puts down (default: 30 days of pay, 0.1 FIL at least)')
    .option('--min-power <size>', 'raw power that a provider must have, as 10TiB')
    .option('--only <ids>', 'only these providers may claim, comma separated')
    .option('--except <ids>', 'these may not')
    .option('--liveness <how>', 'sector: proven by its miner; deal: by the deal alone, weaker', 'sector')
    .option('--seed <url>', 'where providers fetch the piece: a CAR, or an IPFS gateway; public')
    .option('--serve <host:port>', 'serve it from here until it is proven (local network: this machine only)')
    .option('--link <text>', 'where a CID is: multiaddrs with /p2p, or an http(s) URL')
    .option('--car <file>', 'where the packed CAR goes (default: CID.car in your folder)')
    .option('--piece-size <size>', 'padded size of a piece that is named by its CID v1')
    .option('--no-wait', 'end once it is open; needs --seed')
    .option('--yes', 'do not ask')
    .action(withContext(open))

  verb('ask', 'have the operators pack a file, a directory or a CID of at most 1 GiB, which goes on as an order')
    .argument('<path-or-cid>', 'a PATH is served from here until it is packed')
    .requiredOption('--deposit <fil>', 'what the order begins with: it pays all replicas for 360 days, FIL')
    .option('--replicas <n>', 'with as many providers, each of another owner, 1 to 16', '3')
    .option('--repair <days>', 'a replica that is faulty for so long is replaced, 1 to 41 (default: 14)')
    .option('--renew <days>', 'so long before its end its successor is sought, 3 to 60 (default: 30)')
    .option('--link <text>', 'where a CID is, now and for providers later: multiaddrs with /p2p, or an http(s) URL')
    .option('--listen <multiaddrs>', 'where PATH is served, comma separated (local network: this machine only)')
    .option('--no-wait', 'end once it is asked (and, for a PATH, packed)')
    .option('--yes', 'do not ask')
    .action(withContext(ask))

  verb('continue', 'open the order of what was asked for, once it is packed for good; operators do it too')
    .argument('<request-id>')
    .option('--yes', 'do not ask')
    .action(withContext(continueAsOrder))

  verb('show', 'its replicas, its money and how long that lasts, and what happens next')
    .argument('<order-id>')
    .action(withReader(show))

  verb('list', 'the orders of --from, or of the first account').action(withReader(list))

  verb('topup', 'add to an order; anyone may')
    .argument('<order-id>')
    .requiredOption('--amount <fil>', 'FIL')
    .action(withContext(topup))

  verb('price', 'what future claims are paid; those that run are not changed')
    .argument('<order-id>')
    .option('--price <fil>', 'for a GiB kept a year, FIL')
    .option('--ceiling <fil>', "to which a successor's rises, FIL")
    .action(withContext(price))

  verb('replicas', 'to how many future claims may bring it; ends none')
    .argument('<order-id>')
    .argument('<n>')
    .action(withContext(replicas))

  verb('seed', 'where providers fetch the piece').argument('<order-id>').argument('<url>').action(withContext(seed))

  verb('end', 'the epoch beyond which no future slot runs, or never')
    .argument('<order-id>')
    .argument('<epoch|never>')
    .action(withContext(end))

  verb('suspend', 'no claims until it is resumed').argument('<order-id>').action(withContext(suspend))

  verb('resume', 'open for claims again').argument('<order-id>').action(withContext(resume))

  verb('cancel', 'end it for good; replicas that run are paid to their ends')
    .argument('<order-id>')
    .option('--yes', 'do not ask')
    .action(withContext(cancel))

  verb('withdraw', 'pay what is free, and your credit, to you')
    .argument('<order-id>')
    .option('--amount <fil>', 'a part of what is free, FIL')
    .action(withContext(withdraw))
}
