import { expect } from 'chai'
import { describe, it } from 'mocha'
import { lookAt } from '../../../../scripts/cli/dao/show-proposal.ts'

const CID = 'bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'
const PUBLIC = `https://dweb.link/ipfs/${CID}`

describe('where a CID can be looked at before voting', () => {
  for (const [what, seed, place] of [
    ['the CAR itself', 'https://you.example/data.car', 'https://you.example/data.car'],
    ['a gateway', 'https://gateway.example/', `https://gateway.example/ipfs/${CID}`],
    ['a path of a gateway', `https://gateway.example/ipfs/${CID}`, `https://gateway.example/ipfs/${CID}`],
    ['a seed that nobody can follow', 'ftp://you.example\n', 'ftp://you.example '],
  ] as const) {
    it(`is ${what}, and public IPFS`, () => expect(lookAt(CID, seed)).to.deep.equal([place, PUBLIC]))
  }

  it('is public IPFS alone where no seed is said', () => {
    expect(lookAt(CID, '')).to.deep.equal([PUBLIC])
  })
})
