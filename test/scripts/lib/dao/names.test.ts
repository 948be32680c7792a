import { expect } from 'chai'
import { describe, it } from 'mocha'
import { statesIn } from '../../../../scripts/lib/dao/names.ts'
import { daoAbi, treasuryAbi } from '../../../../oracle/chain/dao.ts'
import { describeRevert, revertName } from '../../../../scripts/lib/revert.ts'

describe('refusals of a DAO', () => {
  it('name the state, and those that were expected', () => {
    const data = daoAbi.encodeErrorResult('GovernorUnexpectedProposalState', [7n, 3, `0x${'12'.padStart(64, '0')}`])

    expect(describeRevert({ data })).to.equal(
      'GovernorUnexpectedProposalState(proposalId: 7, current: Defeated, expectedStates: Active or Succeeded)',
    )
    expect(revertName({ data })).to.equal('GovernorUnexpectedProposalState')
  })

  it('are those of its treasury too', () => {
    const data = treasuryAbi.encodeErrorResult('TreasuryShort', [5n, 3n])

    expect(describeRevert({ data })).to.equal('TreasuryShort(need: 5, free: 3)')
  })

  it('read a bitmap of states', () => {
    expect(statesIn(0n)).to.deep.equal([])
    expect(statesIn(0b10010010n)).to.deep.equal(['Active', 'Succeeded', 'Executed'])
  })
})
