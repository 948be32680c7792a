import { expect } from 'chai'
import { describe, it } from 'mocha'
import { createDeploymentStore } from '../../../oracle/db/deployment.ts'
import { openDatabase } from '../../../oracle/db/open.ts'

describe('db/deployment', () => {
  const identity = {
    chainId: 314n,
    genesisHash: null,
    contracts: { registry: { address: '0xA', codeHash: '0xB' }, pinning: { address: '0xC', codeHash: '0xD' } },
  }

  it('keeps one identity', async () => {
    const db = await openDatabase(':memory:')
    const deployments = createDeploymentStore(db)
    expect(await deployments.read()).to.equal(undefined)
    await deployments.write(identity)
    expect(await deployments.read()).to.deep.equal(identity)
    await deployments.write({ ...identity, genesisHash: '0x01' })
    expect(await deployments.read()).to.deep.equal({ ...identity, genesisHash: '0x01' })
    expect(await db.selectFrom('deployment').selectAll().execute()).to.have.length(1)
    await db.destroy()
  })
})
