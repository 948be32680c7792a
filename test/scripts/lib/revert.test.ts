import { expect } from 'chai'
import { describe, it } from 'mocha'
import { pinningAbi, registryAbi } from '../../../oracle/chain/contracts.ts'
import { perpetualAbi } from '../../../oracle/chain/perpetual.ts'
import { describeRevert } from '../../../scripts/lib/revert.ts'

describe('describeRevert', () => {
  const unknown = pinningAbi.encodeErrorResult('UnknownRequest', [99n])

  it('names the error and its arguments', () => {
    expect(describeRevert(Object.assign(new Error('execution reverted'), { data: unknown }))).to.equal(
      'UnknownRequest(id: 99)',
    )
  })

  it('finds the bytes under what libraries wrap them in', () => {
    expect(describeRevert({ info: { error: { data: unknown } } })).to.equal('UnknownRequest(id: 99)')
    expect(describeRevert(new Error('call failed', { cause: { data: unknown } }))).to.equal('UnknownRequest(id: 99)')
    expect(describeRevert({ error: { data: { data: unknown } } })).to.equal('UnknownRequest(id: 99)')
  })

  it("says a request's state in words, for each contract in its own", () => {
    const stored = pinningAbi.encodeErrorResult('NothingToRefund', [1n, 5])
    const expired = registryAbi.encodeErrorResult('NotOpen', [1n, 5])

    expect(describeRevert({ data: stored })).to.equal('NothingToRefund(id: 1, state: Stored)')
    expect(describeRevert({ data: expired })).to.equal('NotOpen(id: 1, state: Expired)')
  })

  it('says where an order or a slot stands, and why a deal is refused', () => {
    const refusals = [
      perpetualAbi.encodeErrorResult('WrongOrderStatus', [1n, 3]),
      perpetualAbi.encodeErrorResult('WrongSlotState', [256n, 5]),
      perpetualAbi.encodeErrorResult('DealRefused', [4]),
      perpetualAbi.encodeErrorResult('WrongValue', [3n, 5n]),
    ]

    expect(refusals.map((data) => describeRevert({ data }))).to.deep.equal([
      'WrongOrderStatus(orderId: 1, actual: Cancelled)',
      'WrongSlotState(slot: 256, actual: Lost)',
      'DealRefused(reason: BadLabel)',
      'WrongValue(expected: 3, actual: 5)',
    ])
  })

  it('leaves every other error alone', () => {
    for (const error of [new Error('no network'), { data: '0x' }, { data: '0xdeadbeef' }, 'text', undefined]) {
      expect(describeRevert(error)).to.equal(undefined)
    }
  })

  it('leaves bytes alone that have a known selector and other arguments', () => {
    expect(describeRevert({ data: unknown.slice(0, 12) })).to.equal(undefined)
  })
})
