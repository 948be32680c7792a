import { expect } from 'chai'
import { before, describe, it } from 'mocha'
import { build } from '../../../../scripts/lib/hardhat.ts'
import { repoRoot } from '../../../../scripts/lib/paths.ts'
import type { Mutant } from '../../../../scripts/quality/mutants/mutant.ts'
import { compilerInput, inOrder, keyOf, planner, type Plan } from '../../../../scripts/quality/mutants/plan.ts'
import { Solc } from '../../../../scripts/quality/mutants/solc.ts'

const MUTANT: Mutant = {
  file: 'filecoin/PieceCid.sol',
  what: 'any number is a piece size',
  find: 'size >= MIN_PIECE_SIZE && size & (size - 1) == 0',
  replace: 'size >= MIN_PIECE_SIZE',
  tests: ['filecoin/PieceCid.test.ts'],
}
const SOURCE = 'project/contracts/filecoin/PieceCid.sol'

const namesOf = ({ compilations }: Plan) =>
  compilations.flatMap(({ contracts }) => contracts.map(({ contractName }) => contractName)).sort()

describe('the plan of a mutant', function () {
  this.timeout(120_000)
  let plan: (mutant: Mutant) => Plan

  before(async () => {
    await build({ tests: true })
    plan = planner(repoRoot)
  })

  it('is to compile the contracts that its tests use and that hold its source', () => {
    expect(namesOf(plan(MUTANT)))
      .to.include('PieceCidHarness')
      .and.not.to.include('PinningRequests')
    expect(plan(MUTANT).tests).to.deep.equal(['test/contracts/filecoin/PieceCid.test.ts'])
  })

  it('holds each test file once, though two patterns name it', () => {
    const tests = ['filecoin/PieceCid*.test.ts', 'filecoin/PieceCid.test.ts']
    expect(plan({ ...MUTANT, tests }).tests).to.deep.equal(['test/contracts/filecoin/PieceCid.test.ts'])
  })

  it('holds the contracts of a Solidity test', () => {
    const podsi = plan({ ...MUTANT, file: 'filecoin/Podsi.sol', tests: ['filecoin/Podsi.t.sol'] })
    expect(namesOf(podsi)).to.deep.equal(['PodsiTest'])
  })

  it('throws when its tests use no contract with its source', () => {
    expect(() => plan({ ...MUTANT, tests: ['filecoin/Epochs.test.ts'] })).to.throw(
      "mutant 'any number is a piece size': expected its tests to use a contract with filecoin/PieceCid.sol, none does",
    )
  })

  it('breaks the one source, and gives the compiler no other than is needed', () => {
    const [compilation] = plan(MUTANT).compilations
    const [healthy, broken] = [compilerInput(compilation), compilerInput(compilation, MUTANT)]
    expect(Object.keys(broken.sources)).to.deep.equal(Object.keys(healthy.sources)).and.to.include(SOURCE)
    expect(Object.keys(broken.sources).length).to.be.below(Object.keys(compilation.input.sources).length)
    for (const [name, { content }] of Object.entries(healthy.sources)) {
      if (name !== SOURCE) expect(broken.sources[name].content).to.equal(content)
    }
    expect(broken.sources[SOURCE].content).to.equal(
      healthy.sources[SOURCE].content.replace(MUTANT.find, () => MUTANT.replace),
    )
  })

  it('has the compiler make the code that Hardhat made; with the bug, other code', async () => {
    const solc = new Solc()
    try {
      const [compilation] = plan(MUTANT).compilations
      const [healthy, broken] = [
        await solc.compile(compilerInput(compilation)),
        await solc.compile(compilerInput(compilation, MUTANT)),
      ]
      for (const { inputSourceName, contractName, bytecode } of compilation.contracts) {
        expect(healthy[inputSourceName][contractName].bytecode).to.equal(bytecode)
        expect(broken[inputSourceName][contractName].bytecode).to.not.equal(bytecode)
      }
      const nonsense = { ...MUTANT, replace: 'size >= ' }
      await solc.compile(compilerInput(compilation, nonsense)).then(
        () => expect.fail('compiled'),
        (error: Error) => expect(error.message).to.match(/ParserError/),
      )
    } finally {
      await solc.stop()
    }
  })

  it('comes after those with less to compile; those of Solidity’s tests come last', () => {
    const small = plan(MUTANT)
    const large = plan({
      ...MUTANT,
      file: 'perpetual/Claims.sol',
      tests: ['perpetual/PerpetualStorage.batch.test.ts'],
    })
    const random = plan({ ...MUTANT, file: 'filecoin/Podsi.sol', tests: ['filecoin/Podsi.t.sol'] })
    expect(inOrder([random, large, small])).to.deep.equal([small, large, random])
    expect(keyOf(small)).to.not.equal(keyOf(large))
  })
})
