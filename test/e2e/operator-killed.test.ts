import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseEther } from 'ethers'
import { expect } from 'chai'
import { after, afterEach, before, describe, it } from 'mocha'
import { readAnswers } from '../../scripts/lib/answers.ts'
import { submitRequest } from '../../scripts/lib/submit.ts'
import { followRequest } from '../../scripts/local/follow.ts'
import { servePath, type Served } from '../../scripts/local/keep.ts'
import type { LocalOperator } from '../../scripts/local/operators.ts'
import type { World } from '../../scripts/local/world.ts'
import { startQuietWorld, temporaryFolder, type ToldEvent } from '../helpers/local-network.ts'

/** Short enough to wait for, long enough for an operator that lives to make its deals. */
const TURN_EPOCHS = 12

/** Fetching it takes long enough that a kill at its beginning comes before the vote. */
const FILE_BYTES = 12_000_000

describe('three operators of whom one is killed with -9 while a request runs', function () {
  this.timeout(180_000)
  let world: World
  let events: ToldEvent[]
  let served: Served | undefined
  let killed: LocalOperator | undefined

  before(async () => {
    ;({ world, events } = await startQuietWorld('killed', { terms: { turnEpochs: TURN_EPOCHS } }))
  })
  afterEach(async () => {
    await served?.stop()
    await killed?.restart()
    served = killed = undefined
  })
  after(() => world?.stop())

  /** Asks for a file of its own, and tells whose turn it is. */
  async function ask(): Promise<{ id: bigint; assignee: LocalOperator; others: LocalOperator[] }> {
    const dir = temporaryFolder('killed-data')
    writeFileSync(join(dir, 'data.bin'), randomBytes(FILE_BYTES))
    served = await servePath(join(dir, 'data.bin'), dir, () => {})
    const { id } = await submitRequest(world.connection, world.deployment, served.root, served.fetchLink, {
      ...{ replicas: 1, minTermEpochs: 518_400n, deadlineEpochs: 3_600n, maxBytes: served.carBytes },
      rewardPerReplica: parseEther('0.05'),
    })
    const { assignee } = await readAnswers(world.connection, world.deployment, id)
    const isAssignee = (operator: LocalOperator) => operator.id === assignee.toString()
    return { id, assignee: world.operators.find(isAssignee)!, others: world.operators.filter((o) => !isAssignee(o)) }
  }

  const told = (event: string, id: bigint, by: LocalOperator) =>
    events.some((each) => each.event === event && each.requestId === id.toString() && each.operatorId === by.id)

  async function killWhen(event: string, id: bigint, operator: LocalOperator): Promise<void> {
    while (!told(event, id, operator)) await wait(20)
    killed = operator
    await operator.executor.kill()
  }

  const stored = async (id: bigint) =>
    expect((await followRequest(world, id, AbortSignal.timeout(120_000))).state).to.equal('Stored')

  it('ends Stored when it was the assignee, before it had asked for a deal: the turn passes', async () => {
    const { id, assignee, others } = await ask()

    await killWhen('fetching', id, assignee)
    await stored(id)

    expect(told('deal-proposed', id, assignee)).to.equal(false)
    expect(others.some((other) => told('deal-proposed', id, other))).to.equal(true)
    const { answers } = await readAnswers(world.connection, world.deployment, id)
    for (const { agreeing } of answers) expect(agreeing).to.have.members(others.map(({ owner }) => owner))
  })

  it('ends Stored when it was the assignee, after it had asked for the deal', async () => {
    const { id, assignee } = await ask()

    await killWhen('deal-proposed', id, assignee)

    await stored(id)
  })

  it('ends Stored when it was another, and the two that live are the quorum', async () => {
    const { id, others, assignee } = await ask()

    await killWhen('fetching', id, others[0])
    await stored(id)

    const { answers } = await readAnswers(world.connection, world.deployment, id)
    expect(answers).to.have.length(2)
    for (const { agreeing } of answers) expect(agreeing).to.have.members([assignee.owner, others[1].owner])
  })
})
