import { expect } from 'chai'
import type { ContractTransactionResponse } from 'ethers'
import { ANSWER, ask, asked, instrumented, loadFixture, mineUpTo, ONE, served, WINDOW } from './world.ts'

/** Whole transactions, EVM gas as Ethereum counts it; a payload of 64 bytes, answers of 32. */
const PAYLOAD = `0x${'5a'.repeat(64)}`
const DATA = `0x${'a5'.repeat(32)}`

describe('OracleRegistry, in gas', () => {
  /** Coverage's counters cost gas: there, only that the transaction goes through is looked at. */
  async function atMost(limit: bigint, sent: Promise<ContractTransactionResponse>) {
    const { gasUsed, status } = (await (await sent).wait())!
    expect(status).to.equal(1)
    if (!instrumented) expect(gasUsed).to.be.at.most(limit)
  }

  for (const windowEpochs of [0, WINDOW]) {
    context(`with a window of ${windowEpochs} epochs`, () => {
      it('request: at most 150,000', async () => {
        const fixture = await loadFixture(served(2, 3, windowEpochs))
        const { registry, stranger } = fixture
        await ask(fixture)
        const value = await registry.quote(1n, ONE, 1n)
        const asking = registry.connect(stranger).request(1n, ONE, PAYLOAD, 1n, 1_000n, { value })
        await atMost(150_000n, asking)
      })

      it('report that completes a stage, of one operator, asked by an account: at most 200,000', async () => {
        const { registry, reporters, stranger } = await loadFixture(served(1, 1, windowEpochs))
        const value = await registry.quote(1n, ONE, 1n)
        await registry.connect(stranger).request(1n, ONE, PAYLOAD, 1n, 1_000n, { value })
        await atMost(200_000n, registry.connect(reporters[0]).report(1n, 0, DATA))
      })

      it('refund: at most 60,000', async () => {
        const { registry, stranger, id, deadline } = await loadFixture(asked(2, 3, ONE, windowEpochs))
        await mineUpTo(deadline)
        await atMost(60_000n, registry.connect(stranger).refund(id))
      })
    })
  }

  it('reportMany of 20: at most 70,000 each', async () => {
    const fixture = await loadFixture(served(2, 3))
    const { registry, reporters } = fixture
    const items = []
    for (let i = 0; i < 20; ++i) {
      items.push({ id: (await ask(fixture, { epochs: 1_000n })).id, stage: 0, ok: true, data: ANSWER })
    }
    await atMost(20n * 70_000n, registry.connect(reporters[0]).reportMany(items))
  })
})
