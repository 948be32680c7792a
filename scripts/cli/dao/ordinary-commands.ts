import type { Command } from 'commander'
import { SETTINGS } from '../../lib/dao/settings.ts'
import { withContext } from '../context.ts'
import { defaultTerms } from './default-terms.ts'
import { guardian } from './guardian.ts'
import { admit, expel, mint } from './members.ts'
import { price, resume, suspend, topup } from './order.ts'
import { pay } from './pay.ts'
import { set } from './set.ts'

const ENTRY = 'its place in the collection, as `dao show` counts, or its CID'

/** The verbs that put anything else than a CID to the vote. @param about Begins a verb about one DAO. */
export function addOrdinaryCommands(about: (name: string, description: string) => Command): void {
  const putting = (name: string, description: string) =>
    about(name, `put it to the vote ${description}`)
      .option('--description <text>', 'what members read (default: what it does)')
      .option('--yes', 'do not ask')

  putting('admit', 'to make somebody a member').argument('<address...>').action(withContext(admit))

  putting('expel', 'to end a membership').argument('<address...>').action(withContext(expel))

  putting('mint', 'to give new weight, where votes are by weight')
    .argument('<address=weight...>')
    .action(withContext(mint))

  putting('pay', 'to pay somebody from the treasury')
    .argument('<address>')
    .requiredOption('--amount <fil>', 'FIL')
    .action(withContext(pay))

  putting('topup', "to add to an entry's order from the treasury")
    .argument('<entry>', ENTRY)
    .requiredOption('--amount <fil>', 'FIL')
    .action(withContext(topup))

  putting('price', "what future claims of an entry's order are paid")
    .argument('<entry>', ENTRY)
    .option('--price <fil>', 'for a GiB kept a year, FIL')
    .option('--ceiling <fil>', "to which a successor's rises, FIL")
    .action(withContext(price))

  putting('suspend', "that nobody claims from an entry's order until it is resumed")
    .argument('<entry>', ENTRY)
    .action(withContext(suspend))

  putting('resume', "to open an entry's order for claims again").argument('<entry>', ENTRY).action(withContext(resume))

  putting('guardian', 'who may cancel, and up to when')
    .argument('<address|none>')
    .option('--until <time>', 'its last epoch: so long from now, as 180d, or the epoch; 365d at most')
    .action(withContext(guardian))

  putting('set', 'to change one of the settings')
    .argument('<name>', Object.keys(SETTINGS).join(', '))
    .argument('<value>', 'as for `dao create`')
    .action(withContext(set))

  putting('terms', 'on which terms a CID is proposed that comes without any, by `createCIDProposal`')
    .option('--replicas <n>', 'with as many providers, 1 to 16', '2')
    .option('--days <n>', 'what each deal must still run', '180')
    .option('--deadline <epochs>', 'from the execution until the request expires', '20160')
    .option('--reward <fil>', 'per replica, FIL', '0.05')
    .option('--max-bytes <n>', 'the largest CAR that the budget is to cover, bytes (default: 1 GiB)')
    .option('--budget <fil>', 'the most that one takes (default: what it costs now, a tenth more)')
    .action(withContext(defaultTerms))
}
