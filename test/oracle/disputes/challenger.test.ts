import { expect } from 'chai'
import { AbiCoder, hexlify, toUtf8String } from 'ethers'
import { afterEach, beforeEach, describe, it } from 'mocha'
import {
  JOB,
  answerHash,
  encodeFailure,
  encodePackedAnswer,
  encodePinnedAnswer,
  encodeStatusAnswer,
  encodeStatusPayload,
} from '../../../oracle/chain/jobs.ts'
import type { Findings } from '../../../oracle/db/request.ts'
import { createChallenger, type Challenger } from '../../../oracle/disputes/challenger.ts'
import type { FailReason } from '../../../oracle/errors.ts'
import { createLogger } from '../../../oracle/logger.ts'
import { OPERATOR_ID, OWNER, REPORTER, REGISTRY, USER, createWorld, type World } from '../../helpers/executor.ts'

const FIL = 10n ** 18n
const piece = { digest: new Uint8Array(32).fill(7), size: 2048n }
const FOUND: Findings = { carBytes: 1_700n, piece }
const WRONG = encodePinnedAnswer(1_701n)

describe('createChallenger', () => {
  let world: World
  let challenger: Challenger
  let lines: { msg: string }[]

  async function start(env: Record<string, string> = {}) {
    lines = []
    const log = createLogger('warn', { write: (line) => void lines.push(JSON.parse(line) as { msg: string }) })
    world = await createWorld({ MOORING_CHALLENGE: 'auto', ...env }, { log })
    challenger = createChallenger(world.ctx, { everyMs: 60_000 })
  }
  beforeEach(() => start())
  afterEach(() => world[Symbol.asyncDispose]())

  /** A request for which this operator found `findings`, and what the quorum answered to a stage of it. */
  async function answered(
    data: Uint8Array,
    {
      stage = 0,
      ok = true,
      findings = FOUND,
      job = Number(JOB.STORE),
      id = '12',
      payload = undefined as Uint8Array | undefined,
    } = {},
  ) {
    if (!(await world.ctx.requests.get(id))) {
      await world.claimed('packed', { id, job, ...(payload && { payload }) }, findings)
    }
    const hash = answerHash(ok, data)
    const answer = { answerHash: hash, answeredBlock: 105n, matureEpoch: 150n }
    await world.ctx.answers.put({ requestId: id, stage, ok, data, ...answer })
    world.chain.answers.set(stage, {
      answerHash: hash,
      ok,
      standing: 'Challengeable',
      answeredEpoch: 105n,
      matureEpoch: 150n,
    })
    world.chain.agreeing = [USER]
  }
  const dispute = (stage = 0, id = '12') => world.ctx.disputes.get(id, stage)
  const intent = (key: string) => world.intents.get(key)
  const warned = () => lines.map(({ msg }) => msg).filter((msg) => msg.startsWith('answer in dispute'))

  describe('comparing', () => {
    it('leaves an answer that agrees alone, for good', async () => {
      await answered(encodePinnedAnswer(1_700n))

      await challenger.processAll()

      expect(await dispute()).to.equal(undefined)
      expect(await world.ctx.disputes.unjudged()).to.deep.equal([])
    })

    it('tells of a dispute once, with both sides', async () => {
      await answered(WRONG)

      await challenger.processAll()
      await challenger.processAll()

      const told = lines.filter(({ msg }) => msg === 'disputed')
      expect(told).to.have.lengthOf(1)
      expect(told[0]).to.include({
        ...{ requestId: '12', stage: 0, answered: 'a CAR of 1701 bytes', found: 'a CAR of 1700 bytes' },
      })
    })

    it('waits for its own answer, and gives up waiting when its own work is over', async () => {
      await answered(WRONG, { findings: {} })
      await challenger.processAll()
      expect(await world.ctx.disputes.unjudged()).to.have.lengthOf(1)

      await world.ctx.requests.end('12', 'cancelled', 120n)
      await challenger.processAll()

      expect(await world.ctx.disputes.unjudged()).to.have.lengthOf(0)
      expect(await dispute()).to.equal(undefined)
    })

    it('is sure that content could be found only if its own vote was handed over before', async () => {
      const notFound = (id: string) => answered(encodeFailure('NotFound'), { ok: false, id })
      await notFound('12')
      await world.intents.put({ key: 'report:13:0', from: REPORTER, to: REGISTRY, data: '0x', value: 0n, expect: null })
      await notFound('13')

      await challenger.processAll()

      expect(await dispute(0, '12')).to.include({ answered: 'NotFound', sure: false, state: 'found' })
      expect(await dispute(0, '13')).to.include({ answered: 'NotFound', sure: true, state: 'challenging' })
    })

    it('compares an answer that is final already: too late to challenge, but worth knowing', async () => {
      await answered(WRONG)
      await world.ctx.answers.settled('12', 0, 151n)

      await challenger.processAll()

      expect(await dispute()).to.include({ state: 'closed', outcome: 'late' })
      expect(await intent('challenge:12:0')).to.equal(undefined)
      expect(lines.filter(({ msg }) => msg === 'disputed')).to.have.lengthOf(1)
    })

    describe('a status', () => {
      const payload = encodeStatusPayload({ dealId: 9n })
      const status = (over = {}) => encodeStatusAnswer({ dealId: 9n, ...world.chain.deal, ...over })

      it('reads the market itself', async () => {
        await answered(status(), { job: JOB.STATUS, payload, id: '13' })
        await answered(status({ providerId: 1001n }), { job: JOB.STATUS, payload })

        await challenger.processAll()

        expect(await dispute(0, '13')).to.equal(undefined)
        expect(await dispute()).to.include({ sure: true, state: 'challenging' })
        expect((await dispute())!.found).to.match(/another provider$/)
      })

      it('leaves one alone that may have changed since', async () => {
        await answered(status({ state: 'Published', activatedEpoch: -1n }), { job: JOB.STATUS, payload })
        world.chain.deal = { ...world.chain.deal, activatedEpoch: 106n }

        await challenger.processAll()

        expect(await world.ctx.disputes.unjudged()).to.deep.equal([])
        expect(await dispute()).to.equal(undefined)
      })

      it('is not sure that a failure was false, and says what the market shows', async () => {
        await answered(encodeFailure('NotFound'), { ok: false, job: JOB.STATUS, payload })

        await challenger.processAll()

        expect(await dispute()).to.include({ answered: 'that it cannot be told', sure: false })
        expect((await dispute())!.found).to.match(/^deal 9 Active, provider f01000/)
      })

      it('leaves alone what was answered to a payload that nobody can read', async () => {
        await answered(encodeFailure('BadContent'), { ok: false, job: JOB.STATUS, payload: new Uint8Array(3) })

        await challenger.processAll()

        expect(await world.ctx.disputes.unjudged()).to.deep.equal([])
        expect(await dispute()).to.equal(undefined)
      })

      it('asks again when the market cannot be read', async () => {
        await answered(status({ providerId: 1001n }), { job: JOB.STATUS, payload })
        const { dealStatus } = world.ctx.contracts
        world.ctx.contracts.dealStatus = () => Promise.reject(new Error('no'))
        await challenger.processAll()
        expect(await dispute()).to.equal(undefined)
        world.ctx.contracts.dealStatus = dealStatus

        await challenger.processAll()

        expect(await dispute()).to.include({ state: 'challenging' })
      })
    })
  })

  describe('in mode auto', () => {
    it('challenges with the bond that is asked for, and says what it found', async () => {
      await answered(encodePackedAnswer({ ...piece, size: 4096n }, 1_700n), { stage: 1 })

      await challenger.processAll()

      expect(await dispute(1)).to.include({ state: 'challenging', bond: 2n * FIL })
      const { value, expect: event } = (await intent('challenge:12:1'))!
      expect(value).to.equal(2n * FIL)
      const { name, args } = (await world.wanted('challenge:12:1'))!
      expect([name, args[0], args[1]]).to.deep.equal(['challenge', 12n, 1n])
      const { answered: theirs, found } = (await dispute(1))!
      expect(toUtf8String(args[2] as string)).to.equal(
        `Request 12, stage 1. Answered: ${theirs}. Operator ${OPERATOR_ID} found: ${found}.`,
      )
      expect(event!.topics.slice(1)).to.deep.equal(
        [12n, 1n, REPORTER].map((word) =>
          AbiCoder.defaultAbiCoder().encode([word === REPORTER ? 'address' : 'uint256'], [word]),
        ),
      )
    })

    it('follows the challenge until it is final', async () => {
      await answered(WRONG)
      await challenger.processAll()
      await world.settle('challenge:12:0', 'sent')
      await challenger.processAll()
      expect(await dispute()).to.include({ state: 'challenging' })

      await world.settle('challenge:12:0', 'confirmed')
      await challenger.processAll()

      expect(await dispute()).to.include({ state: 'challenged', bond: 2n * FIL })
    })

    it('hands it over again when it died just before it did', async () => {
      await answered(WRONG)
      await challenger.processAll()
      await world.db.deleteFrom('intent').execute()

      await challenger.processAll()

      expect(await intent('challenge:12:0')).to.include({ state: 'queued', value: 2n * FIL })
    })

    it('tries again with what the bond is now when it was refused, but not for ever', async () => {
      await answered(WRONG)
      for (let attempt = 1n; attempt <= 5n; attempt++) {
        await challenger.processAll() // hands over
        expect(await intent('challenge:12:0')).to.include({ state: 'queued', value: world.chain.bond })
        await world.settle('challenge:12:0', 'refused', { name: 'BondTooLow' })
        world.chain.bond += 1n
        await challenger.processAll() // sees that it was refused
        expect(await dispute()).to.include({ state: 'found', attempts: Number(attempt), bond: null })
      }

      await challenger.processAll()

      expect(await intent('challenge:12:0')).to.include({ state: 'refused' })
      expect(warned().at(-1)).to.match(/refused too often; do it until epoch 150: npm run mooring -- challenge 12 0$/)
    })

    it('keeps the cap on bonds that are out at the same time, and tells what to do', async () => {
      await world[Symbol.asyncDispose]()
      await start({ MOORING_CHALLENGE_CAP: String(3n * FIL) })
      await answered(WRONG)
      await answered(WRONG, { id: '13' })

      await challenger.processAll()

      expect(await dispute(0, '12')).to.include({ state: 'challenging' })
      expect(await dispute(0, '13')).to.include({ state: 'found', bond: null })
      expect(await intent('challenge:13:0')).to.equal(undefined)
      expect(warned()).to.deep.equal([
        `answer in dispute: bonds of ${2n * FIL} attoFIL are out, ${2n * FIL} more exceed MOORING_CHALLENGE_CAP; do it until epoch 150: npm run mooring -- challenge 13 0`,
      ])

      await world.ctx.disputes.close('12', 0, 'upheld', 160n)
      await challenger.processAll()
      expect(await dispute(0, '13')).to.include({ state: 'challenging' })
    })

    it('goes up to the cap exactly', async () => {
      await world[Symbol.asyncDispose]()
      await start({ MOORING_CHALLENGE_CAP: String(2n * FIL) })
      await answered(WRONG)

      await challenger.processAll()

      expect(await dispute()).to.include({ state: 'challenging' })
    })

    it('needs the bond and the gas on its key', async () => {
      await answered(WRONG)
      world.chain.balance = 3n * FIL - 1n // 2 FIL, and 1 for 100 M gas at the cap of 10 nanoFIL
      await challenger.processAll()
      expect(await intent('challenge:12:0')).to.equal(undefined)
      expect(warned()).to.have.lengthOf(1)
      expect(warned()[0]).to.contain(`bond and gas need up to ${3n * FIL} attoFIL, ${REPORTER} has less`)

      world.chain.balance = 3n * FIL
      await challenger.processAll()

      expect(await dispute()).to.include({ state: 'challenging' })
    })

    it('never challenges an answer for which it voted itself', async () => {
      await answered(WRONG)
      world.chain.agreeing = [USER, OWNER]

      await challenger.processAll()

      expect(await dispute()).to.include({ state: 'found' })
      expect(await intent('challenge:12:0')).to.equal(undefined)
      expect(warned()).to.deep.equal(['answer in dispute: this operator voted for it itself: it does not challenge it'])
    })

    it('leaves to people what others may have seen otherwise', async () => {
      await answered(encodeFailure('NotFound'), { ok: false })

      await challenger.processAll()

      expect(await intent('challenge:12:0')).to.equal(undefined)
      expect(warned()[0]).to.match(/others may have been served something else; challenge it until epoch 150: npm run/)
    })

    for (const [head, sent] of [
      [149n, true],
      [150n, false],
    ] as const) {
      it(`${sent ? 'challenges' : 'is too late to challenge'} at epoch ${head} of a window up to 150`, async () => {
        await answered(WRONG)
        world.chain.head = head

        await challenger.processAll()

        expect((await intent('challenge:12:0')) !== undefined).to.equal(sent)
        expect(warned()).to.deep.equal(sent ? [] : ['answer in dispute: its window closed with epoch 150'])
      })
    }

    for (const standing of ['None', 'Final', 'Undone'] as const) {
      it(`lets an answer be that is ${standing} on the chain: its event is on the way`, async () => {
        await answered(WRONG)
        world.chain.answers.get(0)!.standing = standing

        await challenger.processAll()

        expect(await intent('challenge:12:0')).to.equal(undefined)
        expect(await dispute()).to.include({ state: 'found' })
      })
    }

    it('does not challenge another answer than the one it disputes', async () => {
      await answered(WRONG)
      world.chain.answers.get(0)!.answerHash = '0x' + 'ee'.repeat(32)

      await challenger.processAll()

      expect(await intent('challenge:12:0')).to.equal(undefined)
    })

    it('waits while another challenge of the request is open', async () => {
      await answered(WRONG)
      world.chain.answers.get(0)!.standing = 'Challenged'
      world.chain.challenge = { ...world.chain.challenge, open: true, challenger: USER, bond: 5n }

      await challenger.processAll()

      expect(await dispute()).to.include({ state: 'found' })
      expect(await intent('challenge:12:0')).to.equal(undefined)
    })

    it('looks after a challenge that was posted by hand with its key', async () => {
      await answered(WRONG)
      world.chain.answers.get(0)!.standing = 'Challenged'
      world.chain.challenge = { ...world.chain.challenge, open: true, challenger: REPORTER, bond: 5n }

      await challenger.processAll()

      expect(await dispute()).to.include({ state: 'challenged', bond: 5n })
    })
  })

  describe('closing its own challenge', () => {
    beforeEach(async () => {
      await answered(WRONG)
      await challenger.processAll()
      await world.settle('challenge:12:0', 'confirmed')
      await challenger.processAll()
      world.chain.answers.get(0)!.standing = 'Challenged'
      world.chain.challenge = { ...world.chain.challenge, open: true, challenger: REPORTER, deadlineEpoch: 300n }
    })

    it('waits while the registry would not', async () => {
      world.chain.reverts.add('resolve')

      await challenger.processAll()

      expect(await intent('resolve:12:0')).to.equal(undefined)
    })

    it('resolves as soon as the registry would: after the ruling, or the time to rule', async () => {
      await challenger.processAll()

      const { name, args } = (await world.wanted('resolve:12:0'))!
      expect([name, ...args]).to.deep.equal(['resolve', 12n])
    })

    it('leaves it when somebody closed it', async () => {
      world.chain.challenge = { ...world.chain.challenge, open: false, ruling: 'Upheld' }

      await challenger.processAll()

      expect(await intent('resolve:12:0')).to.equal(undefined)
      expect(await dispute()).to.include({ state: 'challenged' }) // until its event is final
    })
  })

  describe('refuting by the chain', () => {
    const payload = encodeStatusPayload({ dealId: 9n })
    const wrong = () => encodeStatusAnswer({ dealId: 9n, ...world.chain.deal, providerId: 1001n })
    async function aged(head: bigint) {
      await answered(wrong(), { job: JOB.STATUS, payload })
      world.chain.answers.get(0)!.matureEpoch = 1_545n
      world.chain.head = head
    }

    it('refutes a status that is 900 epochs old, without a bond', async () => {
      await aged(1_005n)

      await challenger.processAll()

      const { name, args } = (await world.wanted('refute:12:0'))!
      expect([name, ...args]).to.deep.equal(['refute', 12n, 0n, hexlify(wrong())])
      expect(await intent('refute:12:0')).to.include({ value: 0n })
      expect(await intent('challenge:12:0')).to.equal(undefined)
    })

    it('challenges a younger one', async () => {
      await aged(1_004n)

      await challenger.processAll()

      expect(await intent('refute:12:0')).to.equal(undefined)
      expect(await dispute()).to.include({ state: 'challenging' })
    })

    it('challenges an older one that the chain does not refute', async () => {
      await aged(1_005n)
      world.chain.reverts.add('refute')

      await challenger.processAll()

      expect(await intent('refute:12:0')).to.equal(undefined)
      expect(await dispute()).to.include({ state: 'challenging' })
    })

    it('refutes what it had challenged before: the bond comes back', async () => {
      await aged(110n)
      await challenger.processAll()
      await world.settle('challenge:12:0', 'confirmed')
      await challenger.processAll()
      world.chain.answers.get(0)!.standing = 'Challenged'
      world.chain.head = 1_005n

      await challenger.processAll()

      expect(await intent('refute:12:0')).to.include({ state: 'queued' })
    })

    it('refutes no failure: the chain shows deals, not what operators cannot do', async () => {
      await answered(encodeFailure('NotFound'), { ok: false, job: JOB.STATUS, payload })
      world.chain.answers.get(0)!.matureEpoch = 1_545n
      world.chain.head = 1_005n

      await challenger.processAll()

      expect(await intent('refute:12:0')).to.equal(undefined)
    })

    it('only asks in mode ask', async () => {
      await world[Symbol.asyncDispose]()
      await start({ MOORING_CHALLENGE: 'ask' })
      await aged(1_005n)

      await challenger.processAll()
      await challenger.processAll()

      expect(await intent('refute:12:0')).to.equal(undefined)
      expect(warned()).to.deep.equal([
        'answer in dispute: the chain refutes it now, without a bond: npm run mooring -- refute 12 0',
      ])
    })
  })

  describe('in mode ask', () => {
    it('prints the command once and keeps the row', async () => {
      await world[Symbol.asyncDispose]()
      await start({ MOORING_CHALLENGE: 'ask' })
      await answered(WRONG)

      await challenger.processAll()
      await challenger.processAll()

      expect(warned()).to.deep.equal([
        'answer in dispute: challenge it, if you agree, until epoch 150: npm run mooring -- challenge 12 0',
      ])
      expect(await dispute()).to.include({ state: 'found' })
      expect(await intent('challenge:12:0')).to.equal(undefined)
    })

    it('is the default', async () => {
      await world[Symbol.asyncDispose]()
      world = await createWorld()

      expect(world.ctx.config).to.include({ challenge: 'ask', challengeCap: 10n * FIL })
    })
  })

  describe('in mode off', () => {
    it('only keeps the row', async () => {
      await world[Symbol.asyncDispose]()
      await start({ MOORING_CHALLENGE: 'off' })
      await answered(WRONG)

      await challenger.processAll()

      expect(await dispute()).to.include({ state: 'found', told: null })
      expect(warned()).to.deep.equal([])
      expect(await intent('challenge:12:0')).to.equal(undefined)
    })
  })

  it('goes on with the others when one dispute cannot be looked after', async () => {
    await answered(WRONG)
    await answered(WRONG, { id: '13' })
    const { bondFor } = world.ctx.contracts
    world.ctx.contracts.bondFor = (id, stage) => (id === '12' ? Promise.reject(new Error('no')) : bondFor(id, stage))

    await challenger.processAll()

    expect(await dispute(0, '12')).to.include({ state: 'found' })
    expect(await dispute(0, '13')).to.include({ state: 'challenging' })
    expect(lines.some(({ msg }) => msg === 'dispute left for the next pass')).to.equal(true)
  })

  it('disputes every failure that it knows to be false', async () => {
    for (const [i, reason] of (['TooLarge', 'BadContent', 'PieceMismatch'] as FailReason[]).entries()) {
      await answered(encodeFailure(reason), { ok: false, id: `${20 + i}` })
      await challenger.processAll()
      expect(await dispute(0, `${20 + i}`), reason).to.include({ answered: reason, state: 'challenging' })
    }
  })
})
