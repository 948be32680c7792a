import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ContractFactory, Interface, type BaseContract, type Result } from 'ethers'
import { artifacts } from 'hardhat'
import { EDGE_PROVIDER_ABI, ORACLE_REGISTRY_ABI, PINNING_REQUESTS_ABI } from '../../oracle/chain/abi.ts'
import { repoRoot } from '../../scripts/lib/paths.ts'
import { compileBlock, solidityBlocks } from '../helpers/docs-solidity.ts'
import type { IPinningRequests } from '../../types/ethers-contracts/index.js'
import {
  CID,
  ethers,
  fail,
  FAILURE_FEE,
  LINK,
  loadFixture,
  REASON,
  STAGE,
  STATE,
  storedPiece,
  complete,
} from './pinning/world.ts'
import { MINERS, now, PIECE, pack, world } from './pinning/world.ts'

const page = readFileSync(join(repoRoot, 'docs', 'contracts.md'), 'utf8')

const blocks = solidityBlocks('docs/contracts.md')

const compile = (path: string) => compileBlock(path, blocks.get(path)!)

async function archived() {
  const w = await world()
  const { abi, bytecode } = compile('contracts/Archive.sol')
  const [owner] = await ethers.getSigners()
  const archive = (await new ContractFactory(abi, bytecode, owner).deploy(w.pinning)) as BaseContract
  const terms = (await archive.getFunction('terms').staticCall()) as Result
  const [fee, rewards] = await w.pinning.quote(terms.toObject() as IPinningRequests.TermsStruct)
  return { ...w, owner: owner, archive, price: fee + rewards, rewards }
}

async function kept() {
  const w = await archived()
  await w.archive.getFunction('keep').send(CID, LINK, { value: w.price })
  return { ...w, id: 1n }
}

describe('docs/contracts.md', () => {
  describe('the examples', () => {
    it('compile, and are at most 40 lines', () => {
      expect([...blocks.keys()]).to.include('contracts/Archive.sol')
      for (const [path, text] of blocks) {
        expect(compile(path).bytecode.length, path).to.be.greaterThan(100)
        expect(text.trimEnd().split('\n').length, path).to.be.at.most(40)
      }
    })
  })

  describe('Archive', () => {
    it('asks for two replicas for 180 days, within 5 days', async () => {
      const { archive, pinning, price } = await loadFixture(archived)

      await archive.getFunction('keep').send(CID, LINK, { value: price })

      const request = await pinning.getRequest(1n)
      expect(request.requester).to.equal(await archive.getAddress())
      expect(request.replicas).to.equal(2n)
      expect(request.minTermEpochs).to.equal(518_400n)
      expect(request.deadlineEpoch).to.equal((await now()) + 14_400n)
    })

    it('refuses another amount than the quote', async () => {
      const { archive, pinning, price } = await loadFixture(archived)

      await expect(archive.getFunction('keep').send(CID, LINK, { value: price - 1n }))
        .to.be.revertedWithCustomError(pinning, 'WrongValue')
        .withArgs(price, price - 1n)
    })

    it('knows that a CID is stored once both deals are proven', async () => {
      const w = await loadFixture(kept)
      await pack(w, w.id)

      for (const providerId of MINERS.slice(0, 2)) {
        expect(await w.archive.getFunction('isStored').staticCall(w.id)).to.equal(false)
        const { deal, segment } = await storedPiece(PIECE, { providerId })
        await complete(w, w.id, deal, segment)
      }

      expect(await w.archive.getFunction('isStored').staticCall(w.id)).to.equal(true)
    })

    it('hands what comes back from a failed request to its owner, whoever calls', async () => {
      const w = await loadFixture(kept)
      await fail(w, w.id, STAGE.pinned, REASON.NotFound)
      expect((await w.pinning.getRequest(w.id)).state).to.equal(STATE.Failed)

      await w.pinning.connect(w.stranger).refund(w.id)
      await w.pinning.connect(w.stranger).withdrawFor(w.archive)

      const back = w.price - FAILURE_FEE
      const emptied = w.archive.connect(w.stranger).getFunction('empty').send()
      await expect(emptied).to.changeEtherBalances(ethers, [w.archive, w.owner], [-back, back])
    })
  })

  describe('the error lists', () => {
    const namedIn = (contract: string): string[] => {
      const section = page.split(`### ${contract}\n`)[1].split('\n### ')[0]
      const cells = [...section.matchAll(/^\| (`[^|]*`) +\|/gm)].map(([, cell]) => cell)
      return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name)).sort()
    }

    const declaredIn = (abi: readonly string[]): string[] =>
      abi.flatMap((line) => /^error (\w+)/.exec(line)?.[1] ?? []).sort()

    for (const [contract, abi] of [
      ['PinningRequests', PINNING_REQUESTS_ABI],
      ['OracleRegistry', ORACLE_REGISTRY_ABI],
      ['EdgeProvider', EDGE_PROVIDER_ABI],
    ] as const) {
      it(`name every error of ${contract}, and no other`, () => {
        expect(namedIn(contract)).to.deep.equal(declaredIn(abi))
      })
    }

    it('name every error of OracleClient, and no other', async () => {
      const { abi } = await artifacts.readArtifact('OracleClient')
      expect(namedIn('OracleClient')).to.deep.equal(declaredIn(new Interface(abi as never).format()))
    })
  })
})
