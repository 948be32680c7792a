import { expect } from 'chai'
import {
  ANSWER,
  asked,
  deliver,
  loadFixture,
  MODE,
  PAYLOAD,
  REASON,
  rules,
  setBalance,
  THREE,
  vote,
  WINDOW,
} from './world.ts'

const NOBODY = '0x000000000000000000000000000000000000dEaD'

/** All that changes the registry, but {request} and {allowEarly}, which a callback may use. */
const CALLS: [name: string, args: unknown[]][] = [
  ['registerProvider', ['again', NOBODY, true, rules(), []]],
  ['proposeConfig', [1n, rules()]],
  ['admit', [1n, NOBODY]],
  ['join', [1n, NOBODY, '']],
  ['appointReporter', [1n, NOBODY]],
  ['acceptReporter', [1n]],
  ['optIn', [1n, 2]],
  ['addStake', [1n]],
  ['leave', [1n]],
  ['expel', [1n]],
  ['withdrawStake', [1n]],
  ['report', [1n, 1, ANSWER]],
  ['reportFailure', [1n, 1, REASON.NotFound]],
  ['cancel', [1n]],
  ['conclude', [1n]],
  ['refund', [1n]],
  ['sync', [1n]],
  ['deliver', [1n, 0, ANSWER]],
  ['withdraw', []],
  ['withdrawFor', [NOBODY]],
  ['challenge', [1n, 0, PAYLOAD]],
  ['resolve', [1n]],
  ['refute', [1n, 0, ANSWER]],
]
const PAYABLE = ['join', 'addStake', 'challenge']

describe('OracleRegistry, re-entered from the callback', () => {
  for (const [name, args] of CALLS) {
    it(`refuses ${name}, and the answer stands`, async () => {
      for (const windowEpochs of [0, WINDOW]) {
        const fixture = await loadFixture(asked(1, 1, THREE, windowEpochs))
        const { registry, client, id } = fixture
        const reentrant = registry.interface.getError('ReentrancyGuardReentrantCall')!.selector
        await client.setMode(MODE.Forward, registry.interface.encodeFunctionData(name as 'sync', args as [bigint]))
        if (PAYABLE.includes(name)) await setBalance(await client.getAddress(), 10n ** 18n)

        await vote(fixture, id, 0, [0])
        if (windowEpochs !== 0) await deliver(fixture, id, 0, ANSWER)

        expect([await client.forwardSuccess(), await client.forwardResult()]).to.deep.equal([false, reentrant])
        expect(await client.calls()).to.equal(1n)
        expect((await registry.getRequest(id)).stage).to.equal(1n)
      }
    })
  }
})
