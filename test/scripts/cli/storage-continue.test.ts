import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther } from 'ethers'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { CID } from 'multiformats/cid'
import { encodePackedAnswer, encodePinnedAnswer, STAGE } from '../../../oracle/chain/jobs.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import { deliver } from '../../../scripts/cli/deliver.ts'
import { status } from '../../../scripts/cli/status.ts'
import { ask, type AskOptions } from '../../../scripts/cli/storage/ask.ts'
import { continueAsOrder } from '../../../scripts/cli/storage/continue.ts'
import { show } from '../../../scripts/cli/storage/show.ts'
import { nextStep } from '../../../scripts/lib/next-step.ts'
import { pinningAt } from '../../../scripts/lib/pinning.ts'
import { describeRevert } from '../../../scripts/lib/revert.ts'
import { submitRequest } from '../../../scripts/lib/submit.ts'
import { LOCAL_KEYS } from '../../../scripts/local/keys.ts'
import { until } from '../../helpers/chain.ts'
import { namedPiece } from '../../helpers/podsi.ts'
import { createCliWorld, type CliWorld } from './perpetual-world.ts'

const TERM = 360n * 2_880n
const ROOT = CID.parse('bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am')
const PIECE = namedPiece('asked')
const PINNED = encodePinnedAnswer(1_000n)
const PACKED = encodePackedAnswer(PIECE, 1_000n)
const LINK = 'https://seed.example/data.car'
/** Packing of 1 GiB: two operators, 0.005 + 0.001 and 0.01 + 0.002 FIL each. */
const FEE = parseEther('0.036')
const DEPOSIT = parseEther('5')

describe('storage ask and storage continue', function () {
  this.timeout(300_000)
  let world: CliWorld
  before(async () => {
    const operators = LOCAL_KEYS.operators.slice(0, 2)
    world = await createCliWorld({
      operators: operators.map(({ owner, reporter }) => ({ owner: owner.address, reporter: reporter.address })),
    })
  })
  after(() => world?.connection.close())

  const options = (change: Partial<AskOptions> = {}): AskOptions => ({
    ...{ deposit: '5', replicas: '2', link: LINK, wait: false },
    ...change,
  })
  const asClient = (verb: Parameters<CliWorld['run']>[1]) => world.run(world.client, verb)
  /** Anybody. */
  const asOther = (verb: Parameters<CliWorld['run']>[1]) => world.run(world.other, verb)
  const pinning = () => pinningAt(world.connection, world.deployment, world.client)
  const registry = () =>
    world.connection.ethers.getContractAt('OracleRegistry', world.deployment.contracts.OracleRegistry.address)

  async function asked(change: Partial<AskOptions> = {}): Promise<bigint> {
    const { facts } = await asClient((context) => ask(context, ROOT.toString(), options(change)))
    return facts.id as bigint
  }
  async function vote(id: bigint, stage: number, data: Uint8Array): Promise<void> {
    for (const { reporter } of LOCAL_KEYS.operators.slice(0, 2)) {
      const signer = await world.connection.ethers.getSigner(reporter.address)
      await (await (await registry()).connect(signer).report(id, stage, data)).wait()
    }
  }
  const delivered = async (id: bigint) => void (await asOther((context) => deliver(context, `${id}`)))
  /** *Packed* is answered, and can be challenged for some epochs. */
  async function packedNow(id: bigint): Promise<void> {
    await vote(id, STAGE.PINNED, PINNED)
    await world.mine(4n)
    await delivered(id)
    await vote(id, STAGE.PACKED, PACKED)
  }
  async function packed(id: bigint): Promise<void> {
    await packedNow(id)
    await world.mine(4n)
    await delivered(id)
  }
  const refusal = async (id: bigint) =>
    (await asOther((context) => continueAsOrder(context, `${id}`)).catch((error: unknown) => error)) as Error & {
      hint: string
    }
  const statusOf = async (id: bigint) => (await asOther((context) => status(context, `${id}`))).words

  it('says what packing and the order cost, pays that, and gives the request', async () => {
    const before = await world.connection.ethers.provider.getBalance(await pinning())
    const { facts, notes, words } = await asClient((context) => ask(context, ROOT.toString(), options()))

    const price = DEPOSIT / (2n * TERM)
    expect(facts).to.include({ id: 1n, value: FEE + DEPOSIT, deposit: DEPOSIT, price, orderId: null, seed: LINK })
    expect(words).to.include('request #1 is Requested').and.include('status 1')
    expect(notes[0]).to.include('0.036 FIL').and.include('5.0 FIL').and.include(`${price} attoFIL`).and.include(LINK)
    expect(await world.connection.ethers.provider.getBalance(await pinning())).to.equal(before + DEPOSIT)
    const { evictEpochs, renewalEpochs } = await (await pinning()).perpetualTermsOf(1n)
    expect([evictEpochs, renewalEpochs]).to.deep.equal([14n * 2_880n, 30n * 2_880n])
  })

  it('asks with the thresholds that are named, and refuses what pays nothing', async () => {
    const id = await asked({ repair: '2', renew: '4' })
    const { evictEpochs, renewalEpochs } = await (await pinning()).perpetualTermsOf(id)
    expect([evictEpochs, renewalEpochs]).to.deep.equal([2n * 2_880n, 4n * 2_880n])

    const failure = (change: Partial<AskOptions>) => asked(change).catch((error: unknown) => error) as Promise<Error>
    expect((await failure({ deposit: '0.000000000001' })).message).to.include('less than 1 attoFIL an epoch')
    expect((await failure({ replicas: '17' })).message).to.include('from 1 to 16')
    expect(describeRevert(await failure({ repair: '90' }))).to.include('repairThreshold')
  })

  it('serves a PATH until it is packed', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'mooring-ask-'))
    try {
      writeFileSync(join(dir, 'data.txt'), 'mooring')
      const before = await (await pinning()).requestCount()
      const asking = asClient((context) => ask(context, join(dir, 'data.txt'), options({ link: undefined })))
      asking.catch(() => undefined) // awaited below
      await until(async () => (await (await pinning()).requestCount()) > before, 60_000)
      const [id] = await (await pinning()).requestIds(before, 1n)
      await packed(id)

      const { facts, notes } = await asking
      expect(facts).to.include({ id, state: 'Packed' })
      expect(facts.seed).to.match(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\//)
      expect(notes.at(-1)).to.equal('Packed')
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })

  it('is told what is in the way, until what was asked for can be opened as an order', async () => {
    const id = await asked()
    const unpacked = await refusal(id)
    expect(unpacked.message).to.match(new RegExp(`^request #${id} is not packed yet: the operators have until epoch`))
    expect(unpacked.hint).to.include(`status ${id} --network local`)
    expect(await statusOf(id))
      .to.include('is not packed yet')
      .and.include('5.0 FIL')
      .and.not.include('makes the deals')

    await packedNow(id)
    const { matureEpoch } = await (await registry()).getAnswer(id, STAGE.PACKED)
    const open = await refusal(id)
    expect(open.message).to.match(new RegExp(`is packed, which can be challenged until epoch ${matureEpoch} \\(`))
    expect(open.hint).to.equal(`then npm run mooring -- storage continue ${id} --network local`)
    expect(await statusOf(id))
      .to.include(`can be challenged until epoch ${matureEpoch}`)
      .and.include(open.hint)

    await world.mine(4n)
    const final = await refusal(id)
    expect([final.message, final.hint]).to.deep.equal([
      `request #${id} is packed, but PinningRequests was not told yet`,
      `npm run mooring -- deliver ${id} --network local`,
    ])

    await delivered(id)
    expect(await statusOf(id)).to.match(/next +can be opened as an order; .*storage continue/)
  })

  it('opens the order for who asked, whoever calls, and says so before', async () => {
    const id = await asked()
    await packed(id)
    const orders = await world.storage.orderCount()
    const { facts, notes, words } = await asOther((context) => continueAsOrder(context, `${id}`))

    const price = DEPOSIT / (2n * TERM)
    const orderId = orders + 1n
    expect(facts).to.include({ id, orderId, deposit: DEPOSIT, price, ceiling: 2n * price, replicas: 2 })
    expect(facts).to.include({ client: world.client.address, pieceCid: pieceToCid(PIECE.digest), seed: LINK })
    expect(words).to.include(`open as order ${orderId} with 5.0 FIL`).and.include(`storage show ${orderId}`)
    const view = await world.storage.getOrder(orderId)
    expect([view.client, view.free, view.replicas]).to.deep.equal([world.client.address, DEPOSIT, 2n])
    const told = notes.join('\n')
    expect(told).to.include('5.0 FIL move from the request into the order').and.include(LINK)
    expect(told).to.include(`${price} attoFIL`).and.include('for terms of at most 360 days')
    expect([view.terms.maxTermEpochs, view.terms.evictEpochs]).to.deep.equal([TERM, 14n * 2_880n])
    expect(told).to.include('faulty for 14 days').and.include('sought 30 days before its end')
    expect((await asOther((context) => show(context, `${orderId}`))).words).to.include(`seed       ${LINK}`)

    const again = await refusal(id)
    expect([again.message, again.hint]).to.deep.equal([
      `request #${id} is open as order ${orderId}`,
      `npm run mooring -- storage show ${orderId} --network local`,
    ])
    expect(await statusOf(id)).to.include(`is open as order ${orderId}`)
    const error: unknown = await (await pinning()).openOrder.staticCall(id).catch((error: unknown) => error)
    expect(describeRevert(error)).to.equal(`NotOrderable(id: ${id}, state: Ordered)`)
    expect(nextStep(describeRevert(error)!)).to.include('status ID')
  })

  it('refuses what is over, and says where its money is', async () => {
    const id = await asked()
    await (await (await pinning()).cancel(id)).wait()
    const { message, hint } = await refusal(id)

    expect(message).to.equal(`request #${id} is Cancelled: no order comes of it`)
    expect(hint).to.equal('npm run mooring -- withdraw --network local')
  })

  it('refuses what failed, and says that its money is to be booked first', async () => {
    const id = await asked()
    for (const { reporter } of LOCAL_KEYS.operators.slice(0, 2)) {
      const signer = await world.connection.ethers.getSigner(reporter.address)
      await (await (await registry()).connect(signer).reportFailure(id, STAGE.PINNED, 1n)).wait()
    }
    const { message, hint } = await refusal(id)

    expect(message).to.equal(`request #${id} is Failed: no order comes of it`)
    expect(hint).to.equal(`npm run mooring -- refund ${id} --network local`)
    expect(await statusOf(id)).to.include(hint)
  })

  it('refuses a request for deals, and one that does not exist', async () => {
    const { connection, deployment, client } = world
    const terms = { replicas: 1, minTermEpochs: 518_400n, deadlineEpochs: 5_000n, maxBytes: 1n << 20n }
    const { id } = await submitRequest(
      ...[connection, deployment, ROOT, LINK, { ...terms, rewardPerReplica: 0n }, { signer: client }],
    )
    const { message, hint } = await refusal(id)

    expect(message).to.equal(`request #${id} asks for deals: no order comes of it`)
    expect(hint).to.include('storage open')
    expect(await statusOf(id)).to.include('reward left')
    expect(describeRevert(await refusal(9_999n))).to.equal('UnknownRequest(id: 9999)')
  })
})
