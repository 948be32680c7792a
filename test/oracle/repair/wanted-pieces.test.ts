import { getBytes, hexlify } from 'ethers'
import { expect } from 'chai'
import { CID } from 'multiformats/cid'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { ChainLog } from '../../../oracle/chain/answers.ts'
import { transact } from '../../../oracle/db/open.ts'
import { createPerpetualIntake } from '../../../oracle/perpetual/intake.ts'
import { wantedPieces } from '../../../oracle/repair/wanted-pieces.ts'
import { CID_BYTES, createWorld, type World } from '../../helpers/executor.ts'
import {
  CLIENT,
  DIGEST,
  PERPETUAL,
  PIECE_CID,
  PROVIDER,
  SLOT,
  TERMS,
  claimed,
  event,
  opened,
} from '../perpetual/events.ts'

const DEPOSIT = 10n ** 12n

describe('repair/wanted-pieces', () => {
  let world: World

  beforeEach(async () => {
    world = await createWorld()
  })
  afterEach(() => world[Symbol.asyncDispose]())

  async function hear(...logs: ChainLog[]): Promise<void> {
    const { orders, slots, log } = world.ctx
    const intake = createPerpetualIntake({ address: PERPETUAL, orders, slots, log })
    await transact(world.db, (tx) => intake.onLogs(logs, tx))
  }
  const wanted = () => wantedPieces(world.ctx)
  const order = (over: Record<string, unknown> = {}) =>
    opened(DEPOSIT, 100n, { payloadCid: hexlify(CID_BYTES), ...over })
  /** Order 4, for the same piece. */
  const another = (deposit: bigint, seed: string) => {
    const terms = {
      ...{ pieceCid: PIECE_CID, pieceSize: 2048n, replicas: 2n, price: 10n, ceiling: 20n, endEpoch: 0n },
      ...{ payloadCid: '0x01', seed: hexlify(Buffer.from(seed)), terms: TERMS, providers: [] },
    }
    return event('OrderOpened', [4n, CLIENT, DIGEST, terms, deposit], 101n)
  }

  it('are those of orders that may find a provider, with what the order says of them', async () => {
    await hear(order())
    expect(await wanted()).to.deep.equal([
      {
        piece: { digest: Buffer.from(getBytes(DIGEST)), size: 2048n },
        payloadCid: CID.decode(CID_BYTES).toString(),
        seed: Buffer.from('http://seed.example/piece'),
      },
    ])
    await hear(event('Suspended', [3n], 101n))
    expect(await wanted()).to.have.lengthOf(1)
  })

  it('are named once, as the order with the most money says', async () => {
    await hear(order(), another(1n, 'http://liar.example/'))
    expect((await wanted()).map(({ seed }) => Buffer.from(seed).toString())).to.deep.equal([
      'http://seed.example/piece',
    ])
    await hear(event('ToppedUp', [4n, CLIENT, 2n * DEPOSIT], 102n))
    expect((await wanted()).map(({ seed }) => Buffer.from(seed).toString())).to.deep.equal(['http://liar.example/'])
  })

  it('are not those of a cancelled order, unless a slot is still being sealed', async () => {
    await hear(order(), claimed(101n), event('OrderCancelled', [3n, 1n], 102n))
    expect(await wanted()).to.have.lengthOf(1)
    await hear(event('SlotClosed', [SLOT, PROVIDER, 1n, 4n, 0n, 0n, 0n, 0n, 0n], 103n))
    expect(await wanted()).to.deep.equal([])
  })

  it('are not those of an order whose end has come', async () => {
    await hear(order({ endEpoch: 200n }))
    expect(await wanted()).to.have.lengthOf(1)
    world.chain.head = 200n
    expect(await wanted()).to.deep.equal([])
  })

  it('may have no payload, or one that is no CID', async () => {
    await hear(order({ payloadCid: '0x' }))
    expect((await wanted())[0].payloadCid).to.equal(null)
    await hear(event('OrderCancelled', [3n, 1n], 101n), another(1n, ''))
    expect((await wanted())[0].payloadCid).to.equal('0x01')
  })
})
