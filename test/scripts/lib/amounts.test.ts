import { expect } from 'chai'
import { describe, it } from 'mocha'
import { aboutFil, fil, parseFil } from '../../../scripts/lib/amounts.ts'
import { inEpochs } from '../../../scripts/lib/epochs.ts'
import { nextStep } from '../../../scripts/lib/next-step.ts'

describe('parseFil', () => {
  it('takes FIL to the attoFIL', () => {
    expect(parseFil('--stake', '12')).to.equal(12n * 10n ** 18n)
    expect(parseFil('--stake', '0.000000000000000001')).to.equal(1n)
    expect(fil(parseFil('--stake', '0.05'))).to.equal('0.05 FIL')
  })

  for (const text of ['', 'much', '-1', '1e3', '.5', '1.', '1.0000000000000000001', '1,5']) {
    it(`refuses '${text}' by the option's name`, () => {
      expect(() => parseFil('--bond', text)).to.throw(`--bond expects an amount of FIL, as 0.05, got '${text}'`)
    })
  }
})

describe('aboutFil', () => {
  it('rounds to six significant digits, and never uses powers of ten', () => {
    expect([19_999_999_999_990_800n, 1_234_567_891n * 10n ** 12n, 1n, 0n].map(aboutFil)).to.deep.equal([
      ...['0.02 FIL', '1234.57 FIL', '0.000000000000000001 FIL', '0 FIL'],
    ])
  })
})

describe('inEpochs', () => {
  it('tells hours up to two days, days beyond', () => {
    expect(inEpochs(60n)).to.equal('60 epochs (0.5 hours at 30 s each)')
    expect(inEpochs(20_160n)).to.equal('20160 epochs (7.0 days at 30 s each)')
  })
})

describe('nextStep', () => {
  it('knows what to do about a refusal, or where it is explained', () => {
    expect(nextStep('NotRuled(deadlineEpoch: 9, currentEpoch: 3)')).to.include('try again after its ruling')
    expect(nextStep('UnknownRequest(id: 99)')).to.equal('docs/contracts.md says what each error means and what to do')
  })
})
