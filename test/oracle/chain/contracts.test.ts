import { expect } from 'chai'
import { describe, it } from 'mocha'
import {
  createContracts,
  describeContractError,
  pinningAbi,
  readContractError,
  readContractEvent,
  registryAbi,
  type Contracts,
} from '../../../oracle/chain/contracts.ts'
import { EDGE_PROVIDER, PINNING, REGISTRY, USER } from '../../helpers/executor.ts'

const addresses = { registry: REGISTRY, pinning: PINNING, edgeProvider: EDGE_PROVIDER }

describe('contracts', () => {
  /** What `read` gives when the registry answers `method` with `values`. */
  async function answered<T>(
    method: string,
    values: unknown[],
    read: (contracts: Contracts) => Promise<T>,
  ): Promise<T> {
    const calls: { to: string; data: string }[] = []
    const client = {
      call: (call: { to: string; data: string }) => {
        calls.push(call)
        return Promise.resolve(registryAbi.encodeFunctionResult(method, values))
      },
    }
    const result = await read(createContracts(client, addresses))
    expect(calls.map(({ to, data }) => [to, registryAbi.parseTransaction({ data })!.name])).to.deep.equal([
      [REGISTRY, method],
    ])
    return result
  }

  it('reads where a request stands', async () => {
    const view = [USER, 1n, 1n, 2n, 7n, 2n, 3n, 1n, 2n, false, true, 0n, 9n, 90n, 500n, 10n, 0n]

    expect(await answered('getRequest', [view], (contracts) => contracts.requestView('12'))).to.deep.equal({
      ...{ requester: USER, state: 'Undecided', stage: 2, settled: 1, challenged: true, deadlineEpoch: 500n },
    })
  })

  it('reads how an answer stands', async () => {
    const hash = '0x' + '1f'.repeat(32)

    expect(
      await answered('getAnswer', [[hash, 100n, 103n, true, 3n, 1n]], (of) => of.answerView('12', 1)),
    ).to.deep.equal({
      ...{ answerHash: hash, answeredEpoch: 100n, matureEpoch: 103n, ok: true, standing: 'Final', delivery: 'Due' },
    })
  })

  it('reads who agreed, in the order of their votes, and whose turn it is', async () => {
    expect(await answered('agreeing', [[USER, PINNING]], (of) => of.agreeing('12', 1))).to.deep.equal([USER, PINNING])
    expect(await answered('assigneeOf', [3n], (of) => of.assigneeOf('12'))).to.equal(3n)
  })

  it('reads an operator’s owner, provider and beginning', async () => {
    const view = [4n, USER, REGISTRY, REGISTRY, 2n, false, 1n, 5n, 0n, 10n, 1n, 0n, 0n, 0n, '']

    expect(await answered('getOperator', [view], (of) => of.ownerOf(7n))).to.equal(USER)
    expect(await answered('getOperator', [view], (of) => of.providerOf(7n))).to.equal(4n)
    expect(await answered('getOperator', [view], (of) => of.joinedEpochOf(7n))).to.equal(5n)
  })

  it('reads the last challenge of a request, and what one costs', async () => {
    const view = [USER, 1n, true, 0n, 100n, 300n, 5n]

    expect(await answered('getChallenge', [view], (of) => of.challengeView('12'))).to.deep.equal({
      ...{ challenger: USER, stage: 1, open: true, ruling: 'None', deadlineEpoch: 300n, bond: 5n },
    })
    expect(await answered('bondFor', [2n ** 90n], (of) => of.bondFor('12', 1))).to.equal(2n ** 90n)
  })

  it('names the custom errors of both contracts', () => {
    const expired = pinningAbi.encodeErrorResult('DealExpired', [9n, 10n])
    const voted = registryAbi.encodeErrorResult('AlreadyVoted', [12n, 0n, 7n])

    expect(describeContractError(readContractError(expired)!)).to.equal('DealExpired(9, 10)')
    expect(describeContractError(readContractError(voted)!)).to.equal('AlreadyVoted(12, 0, 7)')
  })

  it('names nothing that it does not know', () => {
    for (const data of ['0x', '0x1234', '0xdeadbeef', pinningAbi.getError('DealExpired')!.selector]) {
      expect(readContractError(data), data).to.equal(undefined)
    }
  })

  it('reads events of its two contracts, whatever the case of the address', () => {
    const { data, topics } = registryAbi.encodeEventLog('RequestConcluded', [12n, 2n])
    const where = { blockNumber: 1n, blockHash: '0x', transactionHash: '0x', logIndex: 0 }
    const log = { address: REGISTRY.toLowerCase(), data, topics, ...where }

    expect(readContractEvent(addresses, log)).to.deep.equal({
      ...{ contract: 'registry', name: 'RequestConcluded', args: { id: 12n, stage: 2n } },
    })
    expect(readContractEvent(addresses, { ...log, address: USER })).to.equal(undefined)
    expect(readContractEvent(addresses, { ...log, topics: ['0x' + '00'.repeat(32)] })).to.equal(undefined)
  })
})
