import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { DealState, StatusAnswer } from '../../../oracle/chain/jobs.ts'
import { CallReverted, RpcBadAnswer } from '../../../oracle/chain/rpc.ts'
import type { SectorPlace } from '../../../oracle/chain/sector-locator.ts'
import { look } from '../../../oracle/keeper/look.ts'

const REPLICA = { kind: 'Deal', provider: 1000n, sector: 9n, dealId: 7n } as const
const LOCATION = '0x820900'

/** A look at a replica of which the market and the miner say this. */
async function sees(deal: DealState | Error, sector: Partial<SectorPlace> | Error, replica = {}) {
  const asked: unknown[] = []
  const answer = <T>(question: unknown, value: T | Error): Promise<T> => {
    asked.push(question)
    return value instanceof Error ? Promise.reject(value) : Promise.resolve(value)
  }
  const status = deal instanceof Error ? deal : ({ state: deal } as StatusAnswer)
  const place = sector instanceof Error ? sector : ({ exitCode: 0n, location: LOCATION, ...sector } as SectorPlace)
  const seen = await look(
    {
      contracts: { dealStatus: (id) => answer<StatusAnswer>(id, status) },
      locator: {
        locate: (provider, number) => answer<SectorPlace>(`${provider} ${number}`, place),
        locateDeal: () => Promise.reject(new Error('not asked for')),
      },
    },
    { ...REPLICA, ...replica },
  )
  return { ...seen, asked }
}

describe('keeper/look', () => {
  it('asks the market about the deal and the miner about the sector, where it is', async () => {
    expect(await sees('Active', { status: 'Faulty' })).to.deep.equal({
      ...{ sight: { deal: 'runs', sector: 'Faulty' }, location: LOCATION, asked: [7n, '1000 9'] },
    })
  })

  it('asks about no deal where there is none', async () => {
    expect(await sees('Removed', { status: 'Active' }, { kind: 'Sector' })).to.deep.equal({
      ...{ sight: { deal: 'none', sector: 'Active' }, location: LOCATION, asked: ['1000 9'] },
    })
  })

  const DEALS = { Unknown: 'unclear', Published: 'unclear', Active: 'runs', Ended: 'runs', Removed: 'gone' } as const
  for (const [state, deal] of Object.entries(DEALS)) {
    it(`takes a deal that is ${state} as ${deal}`, async () => {
      expect((await sees(state as DealState, { status: 'Active' })).sight.deal).to.equal(deal)
    })
  }

  it('makes no verdict of an actor that refuses or answers something else', async () => {
    const reverted = new CallReverted('execution reverted', '0x')
    expect((await sees(reverted, { exitCode: 16n, status: 'Dead' })).sight).to.deep.equal({
      ...{ deal: 'unclear', sector: null },
    })
    expect(await sees('Active', reverted)).to.deep.include({ sight: { deal: 'runs', sector: null }, location: '0x' })
  })

  it('fails where no node answers', async () => {
    const error = await sees('Active', new RpcBadAnswer('nonsense')).catch((e: unknown) => e)
    expect(error).to.be.instanceOf(RpcBadAnswer)
  })
})
