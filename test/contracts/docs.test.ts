import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ContractFactory, type BaseContract, type Result } from 'ethers'
import solc from 'solc'
import { EDGE_PROVIDER_ABI, ORACLE_REGISTRY_ABI, PINNING_REQUESTS_ABI } from '../../oracle/chain/abi.ts'
import { repoRoot } from '../../scripts/lib/paths.ts'
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

/** The Solidity blocks of the page: the text after ```solidity is the file that each would be. */
const blocks = new Map([...page.matchAll(/^```solidity (\S+)\n(.*?)^```$/gms)].map(([, path, text]) => [path, text]))

/** The package's types leave it out. */
const compileStandard = (solc as { compile: (input: string, callbacks: { import: typeof readImport }) => string })
  .compile

interface Compiled {
  abi: []
  bytecode: string
}

/** Compiles a block where it would stand, with the settings of hardhat.config.ts. */
function compile(path: string): Compiled {
  const input = {
    language: 'Solidity',
    sources: { [path]: { content: blocks.get(path) } },
    settings: {
      evmVersion: 'cancun',
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { [path]: { '*': ['abi', 'evm.bytecode.object'] } },
    },
  }
  const output = JSON.parse(compileStandard(JSON.stringify(input), { import: readImport })) as {
    errors?: { severity: string; formattedMessage: string }[]
    contracts: Record<string, Record<string, { abi: []; evm: { bytecode: { object: string } } }>>
  }
  const faults = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  expect(faults.map(({ formattedMessage }) => formattedMessage)).to.deep.equal([])
  const [{ abi, evm }] = Object.values(output.contracts[path]) as [{ abi: []; evm: { bytecode: { object: string } } }]
  return { abi, bytecode: '0x' + evm.bytecode.object }
}

function readImport(path: string): { contents: string } | { error: string } {
  const file = [path, join('node_modules', path)].map((name) => join(repoRoot, name)).find((name) => existsSync(name))
  return file ? { contents: readFileSync(file, 'utf8') } : { error: `${path} is neither here nor in node_modules` }
}

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

    it('are what the repository has under the same name', () => {
      for (const [path, text] of blocks) {
        const file = join(repoRoot, path)
        if (existsSync(file)) expect(text, path).to.equal(readFileSync(file, 'utf8'))
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
    for (const [contract, abi] of [
      ['PinningRequests', PINNING_REQUESTS_ABI],
      ['OracleRegistry', ORACLE_REGISTRY_ABI],
      ['EdgeProvider', EDGE_PROVIDER_ABI],
    ] as const) {
      it(`name every error of ${contract}, and no other`, () => {
        const section = page.split(`### ${contract}\n`)[1].split('\n### ')[0]
        const cells = [...section.matchAll(/^\| (`[^|]*`) +\|/gm)].map(([, cell]) => cell)
        const named = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name))
        const declared = abi.filter((line) => line.startsWith('error ')).map((line) => /error (\w+)/.exec(line)![1])

        expect(named.sort()).to.deep.equal([...declared].sort())
      })
    }
  })
})
