import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getBytes, hexlify } from 'ethers'
import { expect } from 'chai'
import { CID } from 'multiformats/cid'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { ChainLog } from '../../../oracle/chain/answers.ts'
import { perpetualAbi, type SlotView } from '../../../oracle/chain/perpetual.ts'
import { CallReverted } from '../../../oracle/chain/rpc.ts'
import { transact } from '../../../oracle/db/open.ts'
import { EdgeRefused, EdgeUnavailable } from '../../../oracle/edge/errors.ts'
import { createPerpetualIntake } from '../../../oracle/perpetual/intake.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import { createDealAgent, type DealAgent } from '../../../oracle/repair/deal-agent.ts'
import { CID_BYTES, EDGE_URL, ScriptedEdge, createWorld, type World } from '../../helpers/executor.ts'
import { DIGEST, PERPETUAL, PROVIDER, SLOT, TERMS, claimed, event, opened, proven } from '../perpetual/events.ts'

const PIECE_CID = pieceToCid(getBytes(DIGEST))
const NAME = `mooring-31415926-slot-${SLOT}-1.car`
const LOCATION = '0x8200182a'
const CLAIM_BY = 101n + TERMS.claimEpochs

describe('repair/deal-agent', () => {
  let world: World
  let agent: DealAgent
  let carPath: string
  /** What the contract says at the head. */
  let head: Pick<SlotView, 'nonce' | 'state' | 'claimBy'>
  /** What a proof reverts with when it is simulated. */
  let refusal: { name: string; args: unknown[] } | undefined
  let locations: bigint[]

  beforeEach(async () => {
    head = { nonce: 1n, state: 'Claimed', claimBy: CLAIM_BY }
    refusal = undefined
    locations = []
    await begin()
  })
  afterEach(() => world[Symbol.asyncDispose]())

  async function begin(edges?: ScriptedEdge[]): Promise<void> {
    if (world) await world[Symbol.asyncDispose]()
    world = await createWorld({ MOORING_DEAL_POLL_MS: '1000' }, edges && { edges })
    carPath = join(world.dir, 'piece.car')
    writeFileSync(carPath, 'car')
    agent = createDealAgent(
      {
        ...world.ctx,
        operatorId: 1n, // its turn comes first, for a slot of this number
        perpetual: { address: PERPETUAL, slotView: () => Promise.resolve(head as SlotView) },
        locateDeal: (dealId) => Promise.resolve((locations.push(dealId), LOCATION)),
        chain: {
          ...world.ctx.chain,
          call: () => {
            if (!refusal) return Promise.resolve('0x')
            const data = perpetualAbi.encodeErrorResult(refusal.name, refusal.args)
            return Promise.reject(new CallReverted('execution reverted', data))
          },
        },
      },
      { everyMs: 1_000 },
    )
    await hear(opened(10n ** 12n, 100n, { payloadCid: hexlify(CID_BYTES) }), claimed(101n))
  }

  async function hear(...logs: ChainLog[]): Promise<void> {
    const { orders, slots, log } = world.ctx
    const intake = createPerpetualIntake({ address: PERPETUAL, orders, slots, log })
    await transact(world.db, (tx) => intake.onLogs(logs, tx))
  }

  async function keepPiece(): Promise<void> {
    const { pieces } = world.ctx
    const payloadCid = CID.decode(CID_BYTES).toString()
    await pieces.want([{ piece: { digest: getBytes(DIGEST), size: 2048n }, payloadCid, seed: new Uint8Array() }])
    await pieces.claim(1, { owner: 'keeper', ms: 1_000 })
    await pieces.move(PIECE_CID, 'keeper', { state: 'kept', dueInMs: null, carPath, carBytes: 3n })
  }

  /** The next look at every deal. */
  async function look(): Promise<void> {
    world.clock.now += 1_000
    await agent.processAll()
  }

  const row = async () => (await world.ctx.slotDeals.get(SLOT, 1n))!
  const repairTold = () =>
    world.told.filter(({ event }) => String(event).startsWith('slot-deal')).map(({ event }) => event)
  const say = (status: object, contentId = '1') => world.edge.statuses.set(contentId, status)
  const proofOf = async () => {
    const intent = (await world.intents.get(`prove-slot:${SLOT}:1`))!
    const { name, args } = perpetualAbi.parseTransaction(intent)!
    return { to: intent.to, name, args: args.toArray(true), expect: intent.expect }
  }

  describe('for a claim of a provider that it deals with', () => {
    it('gives an Edge node the piece, with the slot as the label of the deal', async () => {
      await keepPiece()
      await agent.processAll()

      expect(world.edge.uploads).to.deep.equal([{ file: carPath, name: NAME, miners: ['t01000'], label: `${SLOT}/1` }])
      expect(await row()).to.deep.include({ state: 'dealing', contentId: '1', edgeUrl: EDGE_URL, provider: PROVIDER })
      expect(repairTold()).to.deep.equal(['slot-deal-asked'])
    })

    it('waits until the piece is here', async () => {
      await agent.processAll()
      expect(await row()).to.deep.include({ state: 'asked', error: 'its piece is not here' })
      expect(world.edge.uploads).to.deep.equal([])

      await keepPiece()
      await look()
      expect(await row()).to.deep.include({ state: 'dealing', error: null })
    })

    it('writes the row before it asks, and finds what the node took when this process died', async () => {
      await keepPiece()
      world.edge.onUpload = () => {
        Object.assign(world.edge.contents[0], { name: NAME })
        throw new EdgeUnavailable('died here')
      }
      await agent.processAll()
      expect(await row()).to.deep.include({ state: 'asked', contentId: null, uploadName: NAME })

      world.edge.onUpload = () => {}
      await look()
      expect(await row()).to.deep.include({ state: 'dealing', contentId: '1' })
      expect(world.edge.uploads).to.have.lengthOf(1)
    })

    it('does not take another upload of the same payload for its own', async () => {
      await keepPiece()
      world.edge.contents.push(
        ...[
          { contentId: '1', cid: 'cid', miner: 't01000', name: 'mooring-31415926-12.car' },
          { contentId: '2', cid: 'cid', miner: 't01001', name: NAME },
        ],
      )
      await agent.processAll()
      expect((await row()).contentId).to.equal('3')
    })

    it('goes on after a process that died while it held the row', async () => {
      await keepPiece()
      await agent.processAll()
      world.clock.now += 1_000
      await world.ctx.slotDeals.claim(1, { owner: 'the process that died', ms: 60_000 })
      say({ state: 'dealing', stateText: 'transfer-started' })
      await agent.processAll()
      expect((await row()).statusText).to.equal(null)

      await world.ctx.slotDeals.releaseLeases()
      await agent.processAll()
      expect((await row()).statusText).to.equal('transfer-started')
    })
  })

  it('leaves claims of other providers alone', async () => {
    await begin()
    await hear(event('SlotClosed', [SLOT, PROVIDER, 1n, 4n, 0n, 0n, 0n, 0n, 0n], 102n), claimed(103n, 2n, 4242n))
    await agent.processAll()
    expect(await world.ctx.slotDeals.get(SLOT, 2n)).to.equal(undefined)
  })

  it('lets operators begin one after the other', async () => {
    await keepPiece()
    const third = createDealAgent(
      {
        ...world.ctx,
        operatorId: 3n,
        perpetual: { address: PERPETUAL, slotView: () => Promise.resolve(head as SlotView) },
        locateDeal: () => Promise.resolve(LOCATION),
      },
      { everyMs: 1_000 },
    )
    await third.processAll()
    world.clock.now += 5_999
    await third.processAll()
    expect(world.edge.uploads).to.deep.equal([])
    world.clock.now += 1
    await third.processAll()
    expect(world.edge.uploads).to.have.lengthOf(1)
  })

  describe('with a deal under way', () => {
    beforeEach(async () => {
      await keepPiece()
      await agent.processAll()
    })

    it('follows it to its id', async () => {
      say({ state: 'dealing', stateText: 'StorageDealPublishing' })
      await look()
      say({ state: 'dealing', stateText: 'StorageDealSealing', deal: { dealId: 7n, uuid: '' } })
      await look()
      expect(await row()).to.deep.include({ state: 'published', dealId: 7n, statusText: 'StorageDealSealing' })
      expect(repairTold()).to.deep.equal([
        ...['slot-deal-asked', 'slot-deal-status', 'slot-deal-status', 'slot-deal-published'],
      ])
    })

    it('shows it to the contract once it is active, with its sector’s place', async () => {
      say({ state: 'active', stateText: 'StorageDealActive', deal: { dealId: 7n, uuid: '' } })
      await look()
      expect(await row()).to.deep.include({ state: 'proving', dealId: 7n })
      expect(locations).to.deep.equal([7n])
      const { to, name, args, expect: wanted } = await proofOf()
      expect([to, name, args]).to.deep.equal([PERPETUAL, 'proveDeal', [SLOT, 7n, LOCATION]])
      expect(wanted!.topics.slice(1).map(BigInt as never)).to.deep.equal([SLOT, PROVIDER])
    })

    it('shows the proof that the piece is in the deal’s', async () => {
      const proof = { index: 1n, path: [new Uint8Array(32).fill(3)] }
      const inclusion = { subtree: proof, entry: { ...proof, index: 2n } }
      say({ state: 'active', stateText: 'StorageDealActive', deal: { dealId: 7n, uuid: '' }, inclusion })
      await look()
      const path = ['0x' + '03'.repeat(32)]
      expect((await proofOf()).args).to.deep.equal([
        SLOT,
        7n,
        [
          [1n, path],
          [2n, path],
        ],
        LOCATION,
      ])
    })

    it('is done when the contract’s event is believed', async () => {
      say({ state: 'active', stateText: 'StorageDealActive', deal: { dealId: 7n, uuid: '' } })
      await look()
      head = { ...head, state: 'Active' }
      await look()
      expect((await row()).state).to.equal('proving')
      await hear(proven(105n))
      await look()
      expect((await row()).state).to.equal('proven')
    })

    it('is over when the provider proved another deal', async () => {
      await hear(proven(105n))
      await look()
      expect(await row()).to.deep.include({ state: 'over', dealId: null })
    })

    it('shows it again after a refusal, and when this process died between the row and the intent', async () => {
      say({ state: 'active', stateText: 'StorageDealActive', deal: { dealId: 7n, uuid: '' } })
      await look()
      await world.settle(`prove-slot:${SLOT}:1`, 'refused', { name: 'SectorNotActive' })
      await look()
      expect(await row()).to.deep.include({ state: 'published', error: 'SectorNotActive()' })
      await look()
      expect((await row()).state).to.equal('proving')
      expect((await world.intents.get(`prove-slot:${SLOT}:1`))!.state).to.equal('queued')

      await world.db.deleteFrom('intent').execute()
      await look()
      expect(await row()).to.deep.include({ state: 'published', error: 'never handed over' })
    })

    it('looks again later while the contract will not have it yet', async () => {
      refusal = { name: 'SectorNotActive', args: [PROVIDER, 9n] }
      say({ state: 'active', stateText: 'StorageDealActive', deal: { dealId: 7n, uuid: '' } })
      await look()
      expect(await row()).to.deep.include({ state: 'published', error: 'SectorNotActive(1000, 9)' })
      expect(await world.intents.get(`prove-slot:${SLOT}:1`)).to.equal(undefined)
    })

    it('gives it up when the contract never will', async () => {
      refusal = { name: 'SlotTermTooShort', args: [518_400n, 500_000n] }
      say({ state: 'active', stateText: 'StorageDealActive', deal: { dealId: 7n, uuid: '' } })
      await look()
      expect(await row()).to.deep.include({ state: 'failed', error: 'deal 7: SlotTermTooShort(518400, 500000)' })
    })

    it('says what the provider is to run when the Edge node did not label the deal', async () => {
      refusal = { name: 'NotTheProviders', args: [SLOT, 7n] }
      say({ state: 'active', stateText: 'StorageDealActive', deal: { dealId: 7n, uuid: '' } })
      await look()
      const why = `deal 7 does not name the slot: t01000 shows it itself (slots prove ${SLOT} --deal 7)`
      expect(await row()).to.deep.include({ state: 'left', error: why })
      expect(repairTold().at(-1)).to.equal('slot-deal-left')
      await look()
      expect(repairTold().filter((name) => name === 'slot-deal-left')).to.have.lengthOf(1)
      expect((await row()).error).to.equal(why)
    })

    it('names the node’s answer where the provider has to show that the piece is in the deal’s', async () => {
      refusal = { name: 'NotTheProviders', args: [SLOT, 7n] }
      const proof = { index: 1n, path: [new Uint8Array(32).fill(3)] }
      const inclusion = { subtree: proof, entry: proof }
      say({ state: 'active', stateText: 'StorageDealActive', deal: { dealId: 7n, uuid: '' }, inclusion })
      await look()
      const answer = `${EDGE_URL}/open/status/content/1`
      expect((await row()).error).to.contain(`(slots prove ${SLOT} --proof FILE, with what ${answer} answers)`)
    })

    it('gives up a deal that the node calls failed', async () => {
      say({ state: 'failed', stateText: 'StorageDealError', message: 'no funds' })
      await look()
      expect(await row()).to.deep.include({ state: 'failed', error: 'StorageDealError: no funds' })
    })

    it('gives up a deal over another piece', async () => {
      say({ state: 'dealing', stateText: 'transfer-started', pieceCid: 'baga-other' })
      await look()
      expect(await row()).to.deep.include({
        ...{ state: 'failed', error: `${EDGE_URL} made piece baga-other of the CAR that is ${PIECE_CID}` },
      })
    })

    it('asks again when the node has lost the content', async () => {
      world.edge.contents = []
      await look()
      expect(await row()).to.deep.include({ state: 'dealing', contentId: '1' })
      expect(world.edge.uploads).to.have.lengthOf(2)
    })

    it('begins nothing after the claim’s time', async () => {
      world.chain.head = CLAIM_BY + 1n
      say({ state: 'active', stateText: 'StorageDealActive', deal: { dealId: 7n, uuid: '' } })
      await look()
      expect(await row()).to.deep.include({ state: 'dealing', error: `its time ended with epoch ${CLAIM_BY}` })
    })

    it('is over when the claim lapsed', async () => {
      await hear(event('SlotClosed', [SLOT, PROVIDER, 1n, 4n, 0n, 0n, 0n, 0n, 10n ** 18n], 20_300n))
      await look()
      expect((await row()).state).to.equal('over')
    })
  })

  describe('with several Edge nodes', () => {
    const [first, second] = [new ScriptedEdge('http://first.example'), new ScriptedEdge('http://second.example')]
    beforeEach(async () => {
      for (const edge of [first, second]) Object.assign(edge, { uploads: [], contents: [], broken: undefined })
      await begin([first, second])
      await keepPiece()
    })

    it('asks the next one when one refuses', async () => {
      first.broken = new EdgeRefused('unknown miner t01000')
      await agent.processAll()
      expect(second.uploads).to.have.lengthOf(1)
      expect(await row()).to.deep.include({ state: 'dealing', edgeUrl: second.url })
    })

    it('leaves it to the provider when all refuse', async () => {
      first.broken = second.broken = new EdgeRefused('unknown miner t01000')
      await agent.processAll()
      expect(await row()).to.deep.include({
        ...{ state: 'left', error: 'no Edge node makes the deal: unknown miner t01000' },
      })
    })

    it('asks the next one after three failures', async () => {
      first.broken = new EdgeUnavailable('down')
      for (let i = 0; i < 3; i++) await look()
      expect(await row()).to.deep.include({ state: 'asked', attempts: 3, edgeUrl: first.url })
      await look()
      expect(await row()).to.deep.include({ state: 'dealing', edgeUrl: second.url })
    })
  })
})
