import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { EXECUTION_WINDOW_SECONDS, QUEUE_WINDOW } from '../../../oracle/chain/dao-rules.ts'
import { openDatabase, transact, type Database } from '../../../oracle/db/open.ts'
import { createProposalStore, type Proposal, type ProposalStore } from '../../../oracle/db/proposal.ts'
import { DEADLINE, OPERATION, PARTS, PAYLOAD, PROPOSER, READ_TERMS, SNAPSHOT } from '../dao/events.ts'

const NOW = 1_700_000_000n

describe('db/proposal', () => {
  let db: Database
  let proposals: ProposalStore
  beforeEach(async () => {
    db = await openDatabase(':memory:')
    proposals = createProposalStore(db)
  })
  afterEach(() => db.destroy())

  const proposal = (id: bigint, over: Partial<Proposal> = {}): Proposal => ({
    ...PAYLOAD,
    ...{ id, dao: PARTS.address, subject: 'Keep', proposer: PROPOSER, providerId: 0n, fromBlock: 100n, logIndex: 0 },
    ...{
      cid: new Uint8Array([1, 85]),
      size: 2n ** 63n,
      terms: READ_TERMS as Proposal['terms'],
      description: 'Keep it',
    },
    ...{ snapshot: SNAPSHOT, deadline: DEADLINE, operation: OPERATION, standing: 'open', eta: 0n, earmarked: 0n },
    ...{ againstVotes: 2n ** 200n, forVotes: 2n ** 201n, abstainVotes: 0n },
    ...over,
  })
  const ripe = async (epoch: bigint, now = NOW) => (await proposals.ripe(epoch, now)).map(({ id }) => id)

  it('keeps every field, whatever its size', async () => {
    const whole = proposal(2n ** 255n, { earmarked: 2n ** 128n, eta: NOW, standing: 'queued', providerId: 2n ** 63n })
    const plain = proposal(1n, { cid: null, size: null, terms: null, subject: 'General' })
    await proposals.put(whole)
    await proposals.put(plain)

    const [first, second] = [await proposals.get(whole.id), await proposals.get(1n)]
    expect({ ...first, cid: [...first!.cid!] }).to.deep.equal({ ...whole, cid: [...whole.cid!] })
    expect(second).to.deep.equal(plain)
  })

  it('finds the proposal of an operation of its own DAO alone', async () => {
    await proposals.put(proposal(1n))

    expect((await proposals.byOperation(PARTS.address, OPERATION))!.id).to.equal(1n)
    expect(await proposals.byOperation(PARTS.treasury, OPERATION)).to.equal(undefined)
    expect(await proposals.byOperation(PARTS.address, '0x' + '00'.repeat(32))).to.equal(undefined)
  })

  it('tells an open one as ripe from the epoch after its deadline to the last at which it can be queued', async () => {
    await proposals.put(proposal(1n))

    expect(await ripe(DEADLINE)).to.deep.equal([])
    expect(await ripe(DEADLINE + 1n)).to.deep.equal([1n])
    expect(await ripe(DEADLINE + QUEUE_WINDOW)).to.deep.equal([1n])
    expect(await ripe(DEADLINE + QUEUE_WINDOW + 1n)).to.deep.equal([])
  })

  it('tells a queued one as ripe up to the last second at which it can be executed, and as long as it has an earmark', async () => {
    await proposals.put(proposal(1n, { standing: 'queued', eta: NOW }))
    await proposals.put(proposal(2n, { standing: 'queued', eta: NOW, earmarked: 1n }))
    const far = 10n ** 6n

    expect(await ripe(far, NOW + EXECUTION_WINDOW_SECONDS)).to.have.members([1n, 2n])
    expect(await ripe(far, NOW + EXECUTION_WINDOW_SECONDS + 1n)).to.deep.equal([2n])
  })

  it('tells none that is executed or canceled, and each as it is now', async () => {
    await proposals.put(proposal(1n, { standing: 'executed', earmarked: 1n }))
    await proposals.put(proposal(2n, { standing: 'canceled', earmarked: 1n }))
    await proposals.put(proposal(3n))
    await proposals.put(proposal(3n, { standing: 'canceled', fromBlock: 300n }))
    expect(await ripe(DEADLINE + 1n)).to.deep.equal([])

    await transact(db, (tx) => proposals.rollBack(299n, tx))
    expect(await ripe(DEADLINE + 1n)).to.deep.equal([3n])
  })
})
