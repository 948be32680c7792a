import { hexlify } from 'ethers'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { completeCall, deliverCall, failureCall, syncCall } from '../../../oracle/chain/calls.ts'
import { pinningAbi, registryAbi } from '../../../oracle/chain/contracts.ts'
import { EDGE_PROVIDER, PINNING, REGISTRY } from '../../helpers/executor.ts'

const addresses = { registry: REGISTRY, pinning: PINNING, edgeProvider: EDGE_PROVIDER }
const digest = new Uint8Array(32).fill(7)

describe('calls', () => {
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

  it('expects of a delivery that the requester took it, of a settlement that it was paid', () => {
    const data = new Uint8Array([1, 2])
    const delivery = deliverCall(addresses, '12', 1, data)
    const sync = syncCall(addresses, '12', 1)

    expect([delivery.key, sync.key]).to.deep.equal(['deliver:12:1', 'sync:12:1'])
    expect(registryAbi.decodeFunctionData('deliver', delivery.data).toArray()).to.deep.equal([12n, 1n, hexlify(data)])
    expect(registryAbi.decodeFunctionData('sync', sync.data).toArray()).to.deep.equal([12n])
    const { topics: delivered } = registryAbi.encodeEventLog('Delivered', [12n, 1n])
    const { topics: settled } = registryAbi.encodeEventLog('StageSettled', [12n, 1n, 9n])
    expect(delivery.expectEvent).to.deep.equal({ address: REGISTRY, topics: delivered })
    expect(sync.expectEvent).to.deep.equal({ address: REGISTRY, topics: settled })
  })
})
