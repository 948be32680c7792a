import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { DataInUse, lockDataDir } from '../../../oracle/db/lock.ts'

setFlagsFromString('--expose_gc')
const collectGarbage = runInNewContext('gc') as () => void

describe('lockDataDir', () => {
  let dir: string
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'mooring-lock-'))))
  afterEach(() => rmSync(dir, { recursive: true }))

  it('refuses a folder that is taken, with words', () => {
    const lock = lockDataDir(dir)

    expect(() => lockDataDir(dir)).to.throw(DataInUse, `another executor works in ${dir}`)
    lock.release()
  })

  it('gives the folder back on release', () => {
    lockDataDir(dir).release()

    expect(() => lockDataDir(dir).release()).not.to.throw()
  })

  it('keeps the lock that nobody refers to (garbage collection had closed it)', async () => {
    lockDataDir(dir)
    for (let round = 0; round < 3; round++) {
      await setImmediate()
      collectGarbage()
    }

    expect(() => lockDataDir(dir)).to.throw(DataInUse)
  })
})
