import { parseEther } from 'ethers'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseMembers } from '../../../../scripts/lib/dao/members.ts'

const A = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const B = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'

describe('parseMembers', () => {
  for (const [how, text] of [
    ['separated by commas', `${A},${B}`],
    ['one a line, with remarks and empty lines', `# who\n${A} # the first\n\n  ${B}\r\n`],
    ['in lower case', `${A.toLowerCase()}, ${B.toLowerCase()}`],
  ]) {
    it(`reads members with one vote each, ${how}`, () => {
      expect(parseMembers(text)).to.deep.equal({ addresses: [A, B], weights: [] })
    })
  }

  for (const [how, text] of [
    ['after =', `${A}=10,${B}=2.5`],
    ['after a space, one a line', `${A} 10\n${B}   2.5`],
    ['after a comma, one a line', `${A},10\n${B},2.5`],
    ['between semicolons', `${A} 10; ${B} = 2.5`],
  ]) {
    it(`reads members with weights ${how}`, () => {
      expect(parseMembers(text)).to.deep.equal({ addresses: [A, B], weights: [parseEther('10'), parseEther('2.5')] })
    })
  }

  it('refuses a weight for some of them', () => {
    expect(() => parseMembers(`${A}=1,${B}`)).to.throw(`${B} has no weight: give every member one, or none of them`)
  })

  it('refuses what is no weight, naming whose it is', () => {
    expect(() => parseMembers(`${A}=much`)).to.throw(`${A} expects a weight, as 100 or 2.5, got 'much'`)
  })

  it('refuses an address that is mistyped', () => {
    expect(() => parseMembers(A.replace('f39F', 'F39F'))).to.throw('its capitals do not match its digits')
  })
})
