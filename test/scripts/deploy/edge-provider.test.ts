import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatEther } from 'ethers'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { GOVERNANCE_DELAY_SECONDS } from '../../../scripts/deploy/deploy-mooring.ts'
import { edgeProviderTerms } from '../../../scripts/deploy/edge-provider.ts'
import { repoRoot } from '../../../scripts/lib/paths.ts'

const CHAINS = { mainnet: 314, calibration: 314159, local: 31415926 }
const UNBONDING_SECONDS = 20_160 * 30

describe('edgeProviderTerms', () => {
  for (const [name, chainId] of Object.entries(CHAINS)) {
    context(`on ${name}`, () => {
      const { quorum, jobs, slash, minStake, windowEpochs, turnEpochs } = edgeProviderTerms(chainId)

      it('needs two operators for an answer, each with stake for several votes', () => {
        expect(quorum).to.equal(2)
        expect(minStake / slash).to.equal(10n)
      })

      it('pays a failure no more than the cheapest stage', () => {
        for (const { failureFee, stages } of jobs)
          for (const { base } of stages) expect(failureFee <= base).to.equal(true)
      })

      it('leaves time for deals after the window of a store request', () => {
        const store = jobs.find(({ concludedByRequester }) => concludedByRequester)!
        expect(store.minDeadlineEpochs).to.be.at.least(2 * windowEpochs)
        expect(turnEpochs).to.be.greaterThan(windowEpochs)
      })
    })
  }

  it('lets anybody in on the local chain only', () => {
    expect(Object.values(CHAINS).map((chainId) => edgeProviderTerms(chainId).open)).to.deep.equal([false, false, true])
  })

  it('can be changed in what is named, and in nothing else', () => {
    const { turnEpochs, ...others } = edgeProviderTerms(CHAINS.local, { turnEpochs: 7 })
    const { turnEpochs: _before, ...same } = edgeProviderTerms(CHAINS.local)

    expect(turnEpochs).to.equal(7)
    expect(others).to.deep.equal(same)
  })

  it('is governed more slowly than an operator can leave', () => {
    expect(GOVERNANCE_DELAY_SECONDS).to.be.greaterThan(UNBONDING_SECONDS)
  })
})

describe('docs/operator.md', () => {
  const page = readFileSync(join(repoRoot, 'docs', 'operator.md'), 'utf8')
  const fil = (attoFil: bigint) => formatEther(attoFil).replace(/\.0$/, '') + ' FIL'
  const epochs = (n: number) => `${n.toLocaleString('en-US')} epochs`
  const real = edgeProviderTerms(CHAINS.mainnet)
  const local = edgeProviderTerms(CHAINS.local)

  for (const [rule, filecoin, here] of [
    ['least stake', fil(real.minStake), fil(local.minStake)],
    ['locked by each vote, until it is final', fil(real.slash), fil(local.slash)],
    ['an answer can be challenged for', epochs(real.windowEpochs), epochs(local.windowEpochs)],
    ['least bond of a challenge', fil(real.minBond), fil(local.minBond)],
    ['the council rules within', epochs(real.rulingEpochs), epochs(local.rulingEpochs)],
    ["one operator's turn to make the deals", epochs(real.turnEpochs), epochs(local.turnEpochs)],
  ]) {
    it(`tells the rule "${rule}" as it is`, () => {
      const row = page.split('\n').find((line) => line.startsWith(`| ${rule} `))!
      const [, , onFilecoin, onLocal] = row.split('|').map((cell) => cell.trim())

      expect(onFilecoin.startsWith(filecoin), row).to.equal(true)
      expect(onLocal).to.equal(here)
    })
  }
})
