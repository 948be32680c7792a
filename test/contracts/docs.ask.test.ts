import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ContractFactory, type BaseContract } from 'ethers'
import { repoRoot } from '../../scripts/lib/paths.ts'
import { answer, lastRequest, now } from '../helpers/answers.ts'
import { compileBlock, solidityBlocks } from '../helpers/docs-solidity.ts'
import { CID, DAY, edgeWorld, ethers, GIB, JOB, loadFixture, mine, pinned, PROVIDER } from './oracle/edge-world.ts'

const PATH = 'contracts/MyArchive.sol'
const blocks = solidityBlocks('docs/ask.md')

async function deployed() {
  const world = await edgeWorld()
  const { abi, bytecode } = compileBlock(PATH, blocks.get(PATH)!)
  const archive = (await new ContractFactory(abi, bytecode, world.asker).deploy(world.edge)) as BaseContract
  return { ...world, archive, fee: await world.edge.quote(JOB.pin, GIB) }
}

async function asked() {
  const world = await deployed()
  await world.archive.getFunction('keep').send(CID, { value: world.fee })
  return { ...world, id: await lastRequest(world) }
}

describe('docs/ask.md', () => {
  it('has one file to copy, of at most 15 lines', () => {
    expect([...blocks.keys()]).to.deep.equal([PATH])
    expect(blocks.get(PATH)!.trimEnd().split('\n').length).to.be.at.most(15)
  })

  it('asks, as the page says, for the quote and within a day', async () => {
    const { registry, edge, archive, asker, fee } = await loadFixture(deployed)
    const deadline = (await now()) + 1n + DAY
    const asking = archive.getFunction('keep').send(CID, { value: fee })
    await expect(asking)
      .to.emit(registry, 'Requested')
      .withArgs(1n, PROVIDER, archive, 1n, JOB.pin, await edge.encodePin(CID, '0x'), GIB, deadline, fee)
    await expect(asking).to.changeEtherBalances(ethers, [asker, registry], [-fee, fee])
  })

  it('takes the answer', async () => {
    const world = await loadFixture(asked)
    const isPinned = () => world.archive.getFunction('isPinned').staticCall(world.id)
    expect(await isPinned()).to.equal(false)
    await answer(world, world.id, 0, pinned())
    expect(await isPinned()).to.equal(true)
  })

  it('gives the fee back to who asked when nobody answers', async () => {
    const { archive, asker, fee, id } = await loadFixture(asked)
    await mine(DAY)
    await expect(archive.getFunction('refundTo').send(id, asker)).to.changeEtherBalance(ethers, asker, fee)
  })
})

describe('docs/samples/', () => {
  const pages = globSync('docs/samples/*.md', { cwd: repoRoot }).sort()

  it('has a page for each sample', () => {
    const named = globSync('contracts/oracle/samples/*.sol', { cwd: repoRoot }).map((path) =>
      path
        .replace(/^.*\//, '')
        .replace('.sol', '.md')
        .replace(/(?<=[a-z])(?=[A-Z])/g, '-'),
    )
    expect(pages).to.deep.equal(named.map((name) => `docs/samples/${name.toLowerCase()}`).sort())
  })

  it('shows what the repository has under the same name', () => {
    for (const page of pages) {
      for (const [path, text] of solidityBlocks(page)) {
        expect(existsSync(join(repoRoot, path)), path).to.equal(true)
        expect(text, path).to.equal(readFileSync(join(repoRoot, path), 'utf8'))
      }
    }
  })
})
