import { expect } from 'chai'
import { describe, it } from 'mocha'
import {
  completeCall,
  createContracts,
  describeContractError,
  failureCall,
  pinningAbi,
  readContractError,
  readContractEvent,
  registryAbi,
} from '../../../oracle/chain/contracts.ts'
import { EDGE_PROVIDER, PINNING, REGISTRY, USER } from '../../helpers/executor.ts'

const addresses = { registry: REGISTRY, pinning: PINNING, edgeProvider: EDGE_PROVIDER }
const digest = new Uint8Array(32).fill(7)

describe('contracts', () => {
  it('reads where a request stands', async () => {
    const view = [USER, 1n, 1n, 2n, 1n, 2n, 3n, 1n, 0n, 90n, 500n, 10n, 0n]
    const calls: unknown[] = []
    const client = {
      call: (call: unknown) => {
        calls.push(call)
        return Promise.resolve(registryAbi.encodeFunctionResult('getRequest', [view]))
      },
    }

    const read = await createContracts(client, addresses).requestView('12')

    expect(read).to.deep.equal({ requester: USER, state: 'Open', stage: 2 })
    expect(calls).to.deep.equal([{ to: REGISTRY, data: registryAbi.encodeFunctionData('getRequest', [12n]) }])
  })

  it('numbers fail reasons as the contract does', () => {
    const { data, key } = failureCall(addresses, 7n, '12', 2, 'DealFailed')

    expect(key).to.equal('fail:12:2')
    expect(registryAbi.decodeFunctionData('reportFailure', data).toArray()).to.deep.equal([12n, 2n, 4n])
  })

  it('expects of a completion the event with this deal and this provider', () => {
    const shown = { dealId: 33n, providerId: 1000n, piece: { digest, size: 2048n }, inclusion: null }
    const { expectEvent } = completeCall(addresses, '12', 't01000', shown)
    const { topics } = pinningAbi.encodeEventLog('ReplicaProven', [12n, 33n, 1000n, 9n, digest, 4096n])

    expect(expectEvent).to.deep.equal({ address: PINNING, topics })
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
