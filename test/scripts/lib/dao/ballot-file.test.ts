import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseBallots } from '../../../../scripts/lib/dao/ballot-file.ts'

const BALLOT = {
  ...{ chainId: 31415926, dao: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266', proposalId: '41870001' },
  ...{ voter: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8', support: 'for', reason: 'rare' },
  ...{ expiryEpoch: 900, signature: '0x12' },
}

describe('parseBallots', () => {
  for (const [how, text] of [
    ['one', JSON.stringify(BALLOT, null, 2)],
    ['a list of one', JSON.stringify([BALLOT])],
    ['addresses in lower case', JSON.stringify({ ...BALLOT, voter: BALLOT.voter.toLowerCase() })],
  ] as const) {
    it(`reads ${how}`, () => expect(parseBallots('b.json', text)).to.deep.equal([BALLOT]))
  }

  it('reads one a line', () => {
    const line = JSON.stringify(BALLOT)

    expect(parseBallots('b.jsonl', `${line}\n${line}\n`)).to.deep.equal([BALLOT, BALLOT])
  })

  for (const [what, text, words] of [
    ['no JSON', '{', 'b.json is no JSON'],
    ['another choice', JSON.stringify({ ...BALLOT, support: 'yes' }), 'b.json holds no ballot'],
    ['no signature', JSON.stringify({ ...BALLOT, signature: undefined }), 'b.json holds no ballot'],
    ['a number for the proposal', JSON.stringify({ ...BALLOT, proposalId: 3 }), 'b.json holds no ballot'],
    ['nothing', '[]', 'b.json holds no ballot'],
  ] as const) {
    it(`refuses ${what}, naming the file`, () => {
      expect(() => parseBallots('b.json', text)).to.throw(words)
    })
  }
})
