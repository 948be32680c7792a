import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import type { CliContext } from '../../../../scripts/cli/context.ts'
import { create, type CreateOptions } from '../../../../scripts/cli/dao/create.ts'
import { execute } from '../../../../scripts/cli/dao/execute.ts'
import { propose } from '../../../../scripts/cli/dao/propose.ts'
import { show } from '../../../../scripts/cli/dao/show.ts'
import { vote } from '../../../../scripts/cli/dao/vote.ts'
import { findDao } from '../../../../scripts/lib/dao/contracts.ts'
import { createCliWorld } from '../perpetual-world.ts'

/** Accounts 11 and 12 of the simulated network: no members, no providers. */
const OPERATORS = ['0x71bE63f3384f5fb98995898A86B02Fb2426c5788', '0xFABB0ac9d68B0B445fB7357272Ff202C5651694a']

/** A DAO of five members on the simulated network, whose votes begin after 2 epochs, go on for 40, and are executed at once. */
export async function createVotingWorld(change: Partial<CreateOptions> = {}) {
  const world = await createCliWorld({ operators: OPERATORS.map((owner) => ({ owner })) })
  const dir = mkdtempSync(join(tmpdir(), 'mooring-votes-'))
  const members = (await world.connection.ethers.getSigners()).slice(5, 10)
  const { facts: made } = await world.run(members[0], (context) =>
    create(context, {
      ...{ name: 'Fishes', symbol: 'FISH', members: members.map(({ address }) => address).join(',') },
      ...{ votingDelay: '2epochs', votingPeriod: '40epochs', quorum: '40', threshold: '1', timelock: '0m' },
      ...{ guardian: world.client.address, guardianFor: '180d', deposit: '10' },
      ...change,
    }),
  )
  const address = made.dao as string
  const as = (signer: HardhatEthersSigner, verb: (context: CliContext) => Promise<void>) => world.run(signer, verb)
  const about = <O extends object = object>(options = {} as O) => ({ ...options, dao: address })
  const dao = await findDao(world.connection, world.deployment, address, members[0])

  /** Has the members but the first, who proposes, vote for proposals, and executes them in that order. */
  async function pass(...numbers: unknown[]): Promise<void> {
    await world.mine(3n)
    for (const number of numbers) {
      for (const member of members.slice(1)) {
        await as(member, (context) => vote(context, String(number), 'for', about()))
      }
    }
    await world.mine(41n)
    for (const number of numbers) await as(world.client, (context) => execute(context, String(number), about()))
  }

  return {
    ...{ world, members, dao, as, about, pass },
    propose: (verb: (context: CliContext) => Promise<void>) => as(members[0], verb),
    shown: (proposal?: unknown) =>
      as(members[0], (context) => show(context, proposal === undefined ? undefined : `${Number(proposal)}`, about())),

    /** Proposes a new file, has it pass and executes that. */
    async keep(kind: 'request' | 'order', text: string): Promise<void> {
      const file = join(dir, `${kind}.txt`)
      writeFileSync(file, text)
      const { facts } = await as(members[0], (context) =>
        propose(context, file, {
          ...about({ kind, replicas: '1', deadline: '20160', wait: false, seed: 'https://seed.example/data.car' }),
          ...(kind === 'order' && { price: '0.02' }),
          car: `${file}.car`,
        }),
      )
      await pass(facts.number)
    },

    async close(): Promise<void> {
      rmSync(dir, { recursive: true, force: true })
      await world.connection.close()
    },
  }
}

export type VotingWorld = Awaited<ReturnType<typeof createVotingWorld>>

export async function refusal(promise: Promise<unknown>): Promise<Error & { hint?: string }> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('expected a refusal')
}
