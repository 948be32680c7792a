import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { parseEther } from 'ethers'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { create, type CreateOptions } from '../../../../scripts/cli/dao/create.ts'
import { delegate } from '../../../../scripts/cli/dao/delegate.ts'
import { execute } from '../../../../scripts/cli/dao/execute.ts'
import { propose } from '../../../../scripts/cli/dao/propose.ts'
import { remove } from '../../../../scripts/cli/dao/remove.ts'
import { list, show } from '../../../../scripts/cli/dao/show.ts'
import { sign } from '../../../../scripts/cli/dao/sign.ts'
import { submit } from '../../../../scripts/cli/dao/submit.ts'
import type { ProposeOptions } from '../../../../scripts/cli/dao/terms.ts'
import { vote } from '../../../../scripts/cli/dao/vote.ts'
import { nextStep } from '../../../../scripts/lib/next-step.ts'
import { describeRevert } from '../../../../scripts/lib/revert.ts'
import { until } from '../../../helpers/chain.ts'
import { createCliWorld, type CliWorld } from '../perpetual-world.ts'

/** 1,000 bytes in one raw block: a CAR of 1,097 bytes. */
const DATA = 'mooring '.repeat(125)
const SEED = 'https://seed.example/data.car'
/** Accounts 11 and 12 of the simulated network: no members, no providers. */
const OPERATORS = ['0x71bE63f3384f5fb98995898A86B02Fb2426c5788', '0xFABB0ac9d68B0B445fB7357272Ff202C5651694a']
const OTHER_CID = 'bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'

const proposing = (change: Partial<ProposeOptions> = {}): ProposeOptions => ({
  ...{ kind: 'request', replicas: '1', deadline: '20160', wait: false, seed: SEED },
  ...change,
})

describe('dao', function () {
  this.timeout(300_000)
  let world: CliWorld
  let dir: string
  let data: string
  let members: HardhatEthersSigner[]
  let dao: string

  before(async () => {
    world = await createCliWorld({ operators: [{ owner: OPERATORS[0] }, { owner: OPERATORS[1] }] })
    dir = mkdtempSync(join(tmpdir(), 'mooring-dao-'))
    data = join(dir, 'data.txt')
    writeFileSync(data, DATA)
    members = (await world.connection.ethers.getSigners()).slice(5, 10)
  })
  after(async () => {
    rmSync(dir, { recursive: true, force: true })
    await world?.connection.close()
  })

  const creating = (change: Partial<CreateOptions> = {}): CreateOptions => ({
    ...{ name: 'Fishes', symbol: 'FISH', members: members.map(({ address }) => address).join(',') },
    ...{ votingDelay: '2epochs', votingPeriod: '40epochs', quorum: '40', threshold: '1', timelock: '10m' },
    ...{ guardianFor: '180d', deposit: '10' },
    ...change,
  })
  const as = (signer: HardhatEthersSigner, verb: Parameters<CliWorld['run']>[1]) => world.run(signer, verb)
  const about = <O extends object>(options: O) => ({ ...options, dao })
  const shown = async (proposal?: string) => await as(members[0], (context) => show(context, proposal, about({})))
  const car = () => join(dir, `${Math.random().toString(36).slice(2)}.car`)
  const began = () => world.mine(3n)
  const ended = () => world.mine(41n)
  const waited = async () => void (await world.connection.send('evm_increaseTime', [601]))

  context('before there is one', () => {
    it('says how to make one', async () => {
      const error = await refusal(as(members[0], (context) => show(context, undefined, {})))

      expect(error.message).to.equal('there is no DAO yet')
      expect(error.hint).to.include('npm run mooring -- dao create --help')
    })

    for (const [what, change, words] of [
      [
        'a member that is no address',
        { members: '0x12,0x34' },
        "--members expects addresses, each with a weight or none, got '0x12'",
      ],
      ['a file that is not there', { members: 'nobody.txt' }, 'there is no file'],
      [
        'a time without a unit',
        { votingPeriod: '3' },
        "--voting-period expects a time, as 90m, 2h, 3d or 20epochs, got '3'",
      ],
      ['a quorum above 50 %', { quorum: '51' }, '--quorum expects a whole number from 1 to 50'],
      ['a fraction of a vote', { threshold: '0.5' }, "--threshold expects a number of votes, got '0.5'"],
    ] as [string, Partial<CreateOptions>, string][]) {
      it(`create refuses ${what}`, async () => {
        const error = await refusal(as(members[0], (context) => create(context, creating(change))))

        expect(error.message).to.include(words)
      })
    }

    it('create names the bound that the contract holds', async () => {
      const error = await refusal(as(members[0], (context) => create(context, creating({ votingPeriod: '10epochs' }))))

      expect(describeRevert(error)).to.equal(
        'OutOfBounds(what: votingPeriod, minimum: 20, maximum: 120960, actual: 10)',
      )
    })
  })

  context('of five members with one vote each', () => {
    it('create makes it, with its treasury, and says what is next', async () => {
      const { facts, words } = await as(members[0], (context) =>
        create(context, creating({ guardian: world.client.address })),
      )
      dao = facts.dao as string

      expect(await world.connection.ethers.provider.getBalance(facts.treasury as string)).to.equal(parseEther('10'))
      expect(words).to.include('5 with 5 votes in all').and.include(`dao propose PATH|CID --dao ${dao}`)
      expect(words).to.match(/guardian +0xf39F\S+, up to epoch 518\d{3}$/m)
    })

    it('show tells its rules and what its treasury has', async () => {
      const { facts, words } = await shown()

      expect(facts).to.deep.include({ dao, name: 'Fishes', votesBy: 'member', supply: 5n, free: parseEther('10') })
      expect(facts.settings).to.deep.equal({
        ...{ votingDelay: 2n, votingPeriod: 40n, quorumPercent: 40n, lateExtension: 40n, timelockDelay: 20n },
        proposalThreshold: 1n,
      })
      expect(words).to.include('no proposals yet').and.include('nothing in the collection')
    })

    it('propose says what it costs, packs the file and puts it to the vote', async () => {
      const file = car()
      const { facts, notes, words } = await as(members[0], (context) =>
        propose(context, data, about(proposing({ car: file, description: 'Fish of the\n  \u202eNorth Sea' }))),
      )

      expect(facts).to.include({ number: 1, size: 1_097n, kind: 'Request', car: file, providerId: 0n })
      expect(facts.budget).to.equal(((facts.quote as bigint) * 11n) / 10n)
      expect(notes[0]).to.include('a CAR of 1097 B').and.include('10.0 FIL free')
      expect(words)
        .to.match(/ends in +40 epochs|ends in +42 epochs/)
        .and.include('dao vote 1 for|against|abstain')
      expect(existsSync(file)).to.equal(true)
    })

    it('show PROPOSAL tells what a member should know before voting', async () => {
      const { facts, words } = await shown('1')

      expect(facts).to.deep.include({
        state: 'Pending',
        subject: 'Keep',
        number: 1,
        look: [SEED, `https://dweb.link/ipfs/${cidOf(facts)}`],
      })
      expect(words)
        .to.include('a request: 1 replica for 180 days at least, 0.05 FIL each, stored within 7 days')
        .and.include(
          'for 0 votes, against 0 votes, abstain 0 votes; quorum 2 votes, 2 votes for or abstaining are missing',
        )
        .and.match(/^  says +Fish of the \uFFFDNorth Sea$/m)
    })

    it('vote says that voting has not begun', async () => {
      const error = await refusal(as(members[1], (context) => vote(context, '1', 'for', about({}))))

      expect(describeRevert(error)).to.match(
        /^GovernorUnexpectedProposalState\(.* current: Pending, expectedStates: Active\)$/,
      )
      expect(nextStep(describeRevert(error)!)).to.include('dao show PROPOSAL')
    })

    it('delegate says that a proposer’s weight is held until voting begins', async () => {
      const error = await refusal(as(members[0], (context) => delegate(context, members[1].address, about({}))))

      expect(describeRevert(error)).to.match(/^WeightIsLocked/)
    })

    it('propose says that the CID is open already', async () => {
      const again = as(members[1], (context) => propose(context, data, about(proposing({ car: car() }))))

      expect(describeRevert(await refusal(again))).to.match(/^AlreadyProposed/)
    })

    it('vote counts a member, and not the proposer, a stranger, or anyone twice', async () => {
      await began()
      const { facts, words } = await as(members[1], (context) => vote(context, '1', 'for', about({ reason: 'rare' })))
      expect(facts).to.include({ voter: members[1].address, support: 'for', weight: 1n })
      expect(words)
        .to.include('voted for with 1 vote on proposal 1')
        .and.include('1 vote for or abstaining are missing')

      for (const [signer, name, next] of [
        [members[0], 'ProposerCannotVote', 'the other members decide'],
        [world.client, 'NoWeight', 'dao delegate self'],
        [members[1], 'GovernorAlreadyCastVote', 'One ballot per voter'],
      ] as const) {
        const words = describeRevert(await refusal(as(signer, (context) => vote(context, '1', 'for', about({})))))!
        expect(words.startsWith(`${name}(`), words).to.equal(true)
        expect(nextStep(words)).to.include(next)
      }
    })

    it('sign writes a ballot that submit counts, with those that are refused named and why', async () => {
      const files = await Promise.all(
        [members[2], members[1], world.other, members[0]].map(async (signer, at) => {
          const out = join(dir, `ballot-${at}.json`)
          const { words } = await as(signer, (context) => sign(context, '1', 'for', about({ out, reason: 'for all' })))
          expect(words).to.include(`dao submit ${out}`)
          return out
        }),
      )
      const forged = join(dir, 'forged.json')
      const ballot = JSON.parse(readFileSync(files[0], 'utf8')) as object
      writeFileSync(forged, JSON.stringify({ ...ballot, voter: members[3].address }))

      const { facts, notes, words } = await as(world.client, (context) => submit(context, [...files, forged]))

      expect(facts.counted).to.deep.equal([{ voter: members[2].address, weight: 1n, support: 'for' }])
      expect(facts.refused).to.deep.equal([
        { voter: members[1].address, fault: 'AlreadyVoted' },
        { voter: world.other.address, fault: 'NoWeight' },
        { voter: members[0].address, fault: 'Barred' },
        { voter: members[3].address, fault: 'BadSignature' },
      ])
      expect(notes).to.have.length(4)
      expect(words)
        .to.match(/1 of 5 ballots count on proposal \d{10}: for 2 votes/)
        .and.include('quorum 2 votes, reached')
    })

    it('submit sends nothing where none counts', async () => {
      const error = await refusal(as(world.client, (context) => submit(context, [join(dir, 'ballot-0.json')])))

      expect(error.message).to.equal('none of 1 ballots counts: nothing was sent')
    })

    it('sign does not write over a file, and refuses what is no choice', async () => {
      const out = join(dir, 'ballot-0.json')

      expect(
        (await refusal(as(members[3], (context) => sign(context, '1', 'for', about({ out }))))).message,
      ).to.include('EEXIST')
      expect((await refusal(as(members[3], (context) => sign(context, '1', 'yes', about({}))))).message).to.equal(
        "expected for, against or abstain, got 'yes'",
      )
    })

    it('execute says until when voting goes on', async () => {
      const error = await refusal(as(world.client, (context) => execute(context, '1', about({}))))

      expect(error.message).to.match(
        /^proposal 1 is Active: voting ends in \d+ epochs \(0\.\d hours at 30 s each\), to the end of epoch \d+/,
      )
    })

    it('execute queues what passed, and says from when it can be executed', async () => {
      await ended()
      const { facts, words } = await as(world.client, (context) => execute(context, '1', about({})))
      const { facts: after } = await shown()

      expect(facts).to.include({ state: 'Queued' })
      expect((after.ledger as { earmarked: bigint }).earmarked).to.equal(parseEther('10') - (after.free as bigint))
      expect(words).to.match(/is queued, 0\.\d+ FIL are promised to it; it can be executed from .* UTC, in 20 epochs/)
      expect((await refusal(as(world.client, (context) => execute(context, '1', about({}))))).message).to.match(
        /^proposal 1 waits: it can be executed from/,
      )
    })

    it('execute opens and funds the request once it has waited', async () => {
      await waited()
      await world.mine(1n)
      const { facts, words } = await as(world.client, (context) => execute(context, '1', about({})))

      expect(facts).to.include({ state: 'Executed', kind: 'Request', index: 0n, storageId: 1n })
      expect(words).to.include('request 1 is open with').and.include('npm run mooring -- status 1')
      const { facts: after, words: told } = await shown()
      expect(after.entries).to.have.length(1)
      expect((after.entries as object[])[0]).to.include({
        kind: 'Request',
        storageId: 1n,
        size: 1_097n,
        stored: false,
        running: 0,
      })
      expect(told).to.match(/request 1 +not stored, 0 of 1 replicas/)
    })

    it('execute does nothing twice', async () => {
      expect((await refusal(as(world.client, (context) => execute(context, '1', about({}))))).message).to.equal(
        'proposal 1 is Executed: that was done already',
      )
    })

    it('propose says that the CID is in the collection already', async () => {
      const again = as(members[1], (context) => propose(context, data, about(proposing({ car: car() }))))

      expect(describeRevert(await refusal(again))).to.match(/^AlreadyCollected/)
    })

    it('remove puts it to the vote to drop what is kept, and nothing else', async () => {
      const { cid } = ((await shown()).facts.entries as { cid: string }[])[0]
      const { facts } = await as(members[1], (context) => remove(context, cid, about({ reason: 'it moved' })))

      expect(facts).to.include({ number: 2, cid, reason: 'it moved' })
      expect((await shown('2')).words)
        .to.include(`remove ${cid} from the collection`)
        .and.match(/^  says +it moved$/m)
      const unknown = as(members[1], (context) => remove(context, OTHER_CID, about({ reason: 'none' })))
      expect(describeRevert(await refusal(unknown))).to.match(/^NotCollected/)
    })

    it('a vote that nobody joins is defeated, and show says what was missing', async () => {
      await began()
      await ended()

      const { facts, words } = await shown('2')
      expect(facts.state).to.equal('Defeated')
      expect(words).to.include('none: 2 votes for or abstaining were missing to its quorum')
    })

    it('propose by a storage provider bars its controlling address from voting for it', async () => {
      const { facts } = await as(world.provider, (context) =>
        propose(context, OTHER_CID, about(proposing({ provider: 't01000', maxBytes: '5000' }))),
      )
      expect(facts).to.include({ number: 3, providerId: 1000n, size: 5_000n })

      const stranger = as(members[1], (context) =>
        propose(
          context,
          'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
          about(proposing({ provider: '1000' })),
        ),
      )
      expect(describeRevert(await refusal(stranger))).to.match(/^NotControlling\(provider: 1000/)
    })

    it('execute says what the treasury lacks, and the vote stands', async () => {
      await world.mine(3n)
      for (const member of members.slice(0, 3)) await as(member, (context) => vote(context, '3', 'for', about({})))
      await ended()
      const { treasury } = (await shown()).facts as { treasury: string }
      const { free } = (await shown()).facts as { free: bigint }

      const dear = await as(members[0], (context) =>
        propose(
          context,
          'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
          about(proposing({ budget: '1000' })),
        ),
      )
      expect(dear.notes[0]).to.include('less than this may take')
      await world.mine(3n)
      for (const member of members.slice(1, 4)) await as(member, (context) => vote(context, '4', 'for', about({})))
      await ended()
      const words = describeRevert(await refusal(as(world.client, (context) => execute(context, '4', about({})))))!
      expect(words).to.equal(`TreasuryShort(need: ${parseEther('1000')}, free: ${free})`)
      expect(nextStep(words)).to.include('the vote stands')
      expect((await shown('4')).facts.state).to.equal('Succeeded')
      expect((await shown('4')).words)
        .to.include('FIL free, ')
        .and.include('less than this needs to be queued')

      await (await world.client.sendTransaction({ to: treasury, value: parseEther('1000') })).wait()
      expect((await as(world.client, (context) => execute(context, '4', about({})))).facts.state).to.equal('Queued')
    })

    it('execute frees what an expired proposal still holds', async () => {
      await world.connection.send('evm_increaseTime', [15 * 86_400])
      await world.mine(1n)
      const { facts, words } = await as(world.client, (context) => execute(context, '4', about({})))

      expect(facts).to.include({ state: 'Expired', released: parseEther('1000') })
      expect(words).to.include('are free again')
      expect((await refusal(as(world.client, (context) => execute(context, '4', about({}))))).message).to.equal(
        'proposal 4 is Expired: nobody queued or executed it in time: propose it again',
      )
    })

    it('knows a proposal by its number, its id and how that begins', async () => {
      const { id } = (await shown('3')).facts as { id: bigint }

      for (const text of ['#3', String(id), String(id).slice(0, 9)]) {
        expect((await shown(text)).facts.id).to.equal(id)
      }
      const error = await refusal(shown('99'))
      expect(error.message).to.equal('Fishes has no proposal 99')
      expect(error.hint).to.include('It has 4')
      expect((await refusal(shown(`${id + 1n}`))).message).to.include('has no proposal')
      expect((await refusal(shown('three'))).message).to.equal(
        "expected a proposal's number, as 3, or its id, got 'three'",
      )
    })

    it('propose serves a file from here until the vote has failed', async () => {
      const notes: string[] = []
      const other = join(dir, 'other.txt')
      writeFileSync(other, 'other')
      const proposed = as(members[0], (context) =>
        propose({ ...context, note: (words) => void notes.push(words) }, other, {
          ...about(proposing({ seed: undefined, wait: true, car: car() })),
        }),
      )
      proposed.catch(() => undefined) // awaited below
      await until(() => Promise.resolve(notes.some((words) => words.includes('serving its data at'))), 60_000)
      const [, url] = /serving its data at (\S+)/.exec(notes.find((words) => words.includes('serving'))!)!
      expect((await fetch(url)).status).to.equal(200)
      await world.mine(60n)

      expect((await proposed).facts).to.include({ number: 5, seed: url })
      expect(notes.at(-1)).to.equal('Defeated')
    })
  })

  context('with votes by weight', () => {
    it('create takes members with weights from a file', async () => {
      const file = join(dir, 'members.txt')
      writeFileSync(file, `# who\n${members[0].address} 10\n${members[1].address} = 2.5 # a half\n\n`)
      const { facts, words } = await as(members[0], (context) =>
        create(context, creating({ members: file, symbol: 'W', timelock: '0m', threshold: '2' })),
      )
      dao = facts.dao as string

      expect(words).to.include('2 with 12.5 W in all').and.include('a member with 2 W')
    })

    it('needs to be told which DAO, now that there are two', async () => {
      const error = await refusal(as(members[0], (context) => show(context, undefined, {})))

      expect(error.message).to.equal('there are 2 DAOs: say which one by --dao ADDRESS, or set MOORING_DAO')
      const { facts } = await as(members[0], (context) => list(context))
      expect((facts.daos as { name: string }[]).map(({ name }) => name)).to.deep.equal(['Fishes', 'Fishes'])
      const wrong = as(members[0], (context) => show(context, undefined, { dao: world.client.address }))
      expect((await refusal(wrong)).message).to.include('is no DAO of the factory')
    })

    it('delegate moves the weight, and the one who has none cannot propose', async () => {
      const { facts, words } = await as(members[1], (context) => delegate(context, world.other.address, about({})))
      expect(facts).to.include({ delegatee: world.other.address, weight: parseEther('2.5') })
      expect(words).to.include('2.5 W in all')

      const poor = as(members[1], (context) => propose(context, OTHER_CID, about(proposing())))
      const refused = describeRevert(await refusal(poor))!
      expect(refused).to.match(/^GovernorInsufficientProposerVotes/)
      expect(nextStep(refused)).to.include('dao delegate self')
      expect((await as(members[1], (context) => delegate(context, 'self', about({})))).facts.weight).to.equal(
        parseEther('2.5'),
      )
    })

    it('propose --kind order packs the file and pays its replicas; execute queues and opens it at once', async () => {
      await (await members[0].sendTransaction({ to: await treasury(), value: parseEther('10') })).wait()
      const { facts } = await as(members[1], (context) =>
        propose(context, data, about(proposing({ kind: 'order', price: '0.02', replicas: '2', car: car() }))),
      )
      const { facts: seen, words } = await shown('1')
      const { terms } = seen.matter as { terms: { price: bigint; pieceSize: bigint } }
      expect(facts.budget).to.equal(terms.price * 2n * 360n * 2_880n)
      expect(terms.pieceSize).to.equal(2_048n)
      expect(words)
        .to.include('an order: 2 replicas for 360 days, 0.0199995 FIL for a GiB a year')
        .and.include('piece ')

      await began()
      await as(members[0], (context) => vote(context, '1', 'for', about({})))
      await ended()
      const { facts: executed, words: told } = await as(world.client, (context) => execute(context, '1', about({})))
      expect(executed).to.include({ state: 'Executed', kind: 'Order', funded: facts.budget as bigint })
      expect(executed.transactions).to.have.length(2)
      expect(told).to.include(`storage show ${executed.storageId as bigint}`)
    })

    for (const [what, change, words] of [
      ['a kind that is none', { kind: 'gift' }, '--kind expects request or order'],
      ['an order without a price', { kind: 'order' }, 'say what a GiB kept a year may cost: --price FIL'],
      ['a request with a price', { price: '1' }, '--price is an order’s'],
      ['an order with a reward', { kind: 'order', price: '1', reward: '1' }, '--reward is a request’s'],
      ['for ever without a budget', { kind: 'order', price: '1', days: 'forever' }, 'say with how much, --budget'],
      ['a provider that is none', { provider: 'me' }, "--provider expects a storage provider's id"],
      ['a seed that nobody can follow', { seed: 'ftp://seed.example' }, 'an http(s) URL or multiaddrs'],
      ['a piece that is none', { piece: 'bafy' }, '--piece expects a piece CID'],
    ] as [string, Partial<ProposeOptions>, string][]) {
      it(`propose refuses ${what}, before anything is sent`, async () => {
        const refused = as(members[0], (context) => propose(context, OTHER_CID, about(proposing(change))))

        expect((await refusal(refused)).message).to.include(words)
      })
    }

    const treasury = async () => (await shown()).facts.treasury as string
  })

  const cidOf = (facts: Record<string, unknown>) => (facts.matter as { cid: string }).cid
})

async function refusal(promise: Promise<unknown>): Promise<Error & { hint?: string }> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('expected a refusal')
}
