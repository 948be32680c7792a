import { hexlify } from 'ethers'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import {
  challengeCall,
  completeCall,
  deliverCall,
  failureCall,
  refuteCall,
  resolveCall,
  syncCall,
} from '../../../oracle/chain/calls.ts'
import { pinningAbi, registryAbi } from '../../../oracle/chain/contracts.ts'
import { EDGE_PROVIDER, PINNING, REGISTRY, REPORTER } from '../../helpers/executor.ts'

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

  it('sends the bond with a challenge, and expects it to be this account’s own', () => {
    const { key, data, value, expectEvent } = challengeCall(addresses, REPORTER, '12', 1, new Uint8Array([1, 2]), 5n)
    const { topics } = registryAbi.encodeEventLog('Challenged', [12n, 1n, REPORTER, 5n, 200n, '0x0102'])

    expect([key, value]).to.deep.equal(['challenge:12:1', 5n])
    expect(registryAbi.decodeFunctionData('challenge', data).toArray()).to.deep.equal([12n, 1n, '0x0102'])
    expect(expectEvent).to.deep.equal({ address: REGISTRY, topics })
  })

  it('expects that a challenge is closed, or an answer refuted, whoever did it and however it ended', () => {
    const resolve = resolveCall(addresses, '12', 1)
    const refute = refuteCall(addresses, '12', 1, new Uint8Array([1, 2]))

    expect([resolve.key, refute.key]).to.deep.equal(['resolve:12:1', 'refute:12:1'])
    expect(registryAbi.decodeFunctionData('resolve', resolve.data).toArray()).to.deep.equal([12n])
    expect(registryAbi.decodeFunctionData('refute', refute.data).toArray()).to.deep.equal([12n, 1n, '0x0102'])
    const { topics: closed } = registryAbi.encodeEventLog('ChallengeClosed', [12n, 1n, 2n, 0n, 5n])
    const { topics: refuted } = registryAbi.encodeEventLog('Refuted', [12n, 1n, REPORTER])
    expect(resolve.expectEvent).to.deep.equal({ address: REGISTRY, topics: closed.slice(0, 3) })
    expect(refute.expectEvent).to.deep.equal({ address: REGISTRY, topics: refuted.slice(0, 3) })
  })
})
