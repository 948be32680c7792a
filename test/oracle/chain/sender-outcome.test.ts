import { Interface } from 'ethers'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { CallReverted } from '../../../oracle/chain/rpc.ts'
import { decodeRevert } from '../../../oracle/chain/sender-outcome.ts'

const errors = new Interface(['error TreasuryShort(uint256 need, uint256 free)', 'error Named(string name)'])
const reverted = (data: string) => new CallReverted('execution reverted', data)

describe('chain/decodeRevert', () => {
  it('names a known error with its arguments', () => {
    const data = errors.encodeErrorResult('TreasuryShort', [9n, 5n])
    expect(decodeRevert(reverted(data), errors)).to.deep.equal({
      ...{ data, message: 'TreasuryShort(9, 5)', name: 'TreasuryShort', args: ['9', '5'] },
    })
  })

  for (const [what, data] of [
    ['cut short', errors.encodeErrorResult('TreasuryShort', [9n, 5n]).slice(0, 20)],
    ['a text that is no UTF-8', errors.encodeErrorResult('Named', ['ab']).replace('6162', 'ff62')],
    ['unknown', '0x12345678'],
    ['empty', '0x'],
  ] as const) {
    it(`keeps the bytes of one that is ${what}`, () => {
      expect(decodeRevert(reverted(data), errors)).to.deep.equal({ message: 'execution reverted', data })
    })
  }
})
