import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { openSession } from '../../../scripts/local/session.ts'

describe('openSession', () => {
  let dir: string
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'mooring-session-'))))
  afterEach(() => rmSync(dir, { recursive: true }))

  it('takes an empty folder', () => {
    expect(openSession(dir, 'code')).to.include({ resumed: false, startedCleanBecause: undefined })
    expect(existsSync(join(dir, 'logs'))).to.equal(true)
  })

  it('leaves a folder alone that holds files of others', () => {
    writeFileSync(join(dir, 'thesis.txt'), 'ten years of work')

    expect(() => openSession(dir, 'code')).to.throw(`${dir} has files that no \`npm start\` made: thesis.txt`)
    expect(existsSync(join(dir, 'thesis.txt'))).to.equal(true)
  })

  it('takes a folder in which only a play was', () => {
    for (const play of ['perpetual', 'dao']) mkdirSync(join(dir, play))

    expect(openSession(dir, 'code').resumed).to.equal(false)
    for (const play of ['perpetual', 'dao']) expect(existsSync(join(dir, play))).to.equal(true)
  })

  context('when the last run was ended cleanly', () => {
    beforeEach(() => {
      const session = openSession(dir, 'code')
      writeFileSync(join(dir, 'deployment.json'), '{}')
      writeFileSync(join(dir, 'chain.json'), '{}')
      session.endCleanly()
    })

    it('goes on from it', () => {
      expect(openSession(dir, 'code').resumed).to.equal(true)
      expect(existsSync(join(dir, 'chain.json'))).to.equal(true)
    })

    it('starts anew without a word when it is told to, and the next run goes on from there', () => {
      const anew = openSession(dir, 'code', true)

      expect(anew).to.include({ resumed: false, startedCleanBecause: undefined })
      expect(existsSync(join(dir, 'chain.json'))).to.equal(false)

      writeFileSync(join(dir, 'deployment.json'), '{}')
      anew.endCleanly()
      expect(openSession(dir, 'code').resumed).to.equal(true)
    })

    it('starts anew when the contracts changed, and deletes only what it made', () => {
      writeFileSync(join(dir, 'executor.db'), 'of an executor that an operator runs here')

      expect(openSession(dir, 'other code')).to.include({
        resumed: false,
        startedCleanBecause: 'the contracts have changed since the last run',
      })
      expect(existsSync(join(dir, 'chain.json'))).to.equal(false)
      expect(existsSync(join(dir, 'executor.db'))).to.equal(true)
    })
  })

  it('starts anew when the last run was killed', () => {
    openSession(dir, 'code')
    writeFileSync(join(dir, 'chain.json'), '{}')

    expect(openSession(dir, 'code').startedCleanBecause).to.equal(
      'the last run was killed before it could save its chain',
    )
    expect(existsSync(join(dir, 'chain.json'))).to.equal(false)
  })
})
