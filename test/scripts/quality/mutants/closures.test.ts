import { relative } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { repoRoot } from '../../../../scripts/lib/paths.ts'
import { modulesOf, sourcesOf } from '../../../../scripts/quality/mutants/closures.ts'

const input = (sources: Record<string, string>, remappings: string[] = []) => ({
  language: 'Solidity',
  sources: Object.fromEntries(Object.entries(sources).map(([name, content]) => [name, { content }])),
  settings: { remappings },
})

describe('sourcesOf', () => {
  it('follows relative imports in all their forms, and each source once', () => {
    const given = input({
      'project/a/A.sol': `import "./B.sol";\nimport {\n    C,\n    D\n} from "../c/C.sol";`,
      'project/a/B.sol': `import * as A from './A.sol';`,
      'project/c/C.sol': `import "./E.sol" as E;\ncontract C {}`,
      'project/c/E.sol': `contract E {}`,
      'project/c/F.sol': `contract F {}`,
    })
    expect([...sourcesOf(given, ['project/a/A.sol'])].sort()).to.deep.equal([
      'project/a/A.sol',
      'project/a/B.sol',
      'project/c/C.sol',
      'project/c/E.sol',
    ])
  })

  it('finds packages by the remapping with the longest context, then the longest prefix', () => {
    const given = input(
      {
        'project/A.sol': `import {X} from "@lib/sub/X.sol";`,
        'npm/lib@1/X.sol': 'contract X {}',
        'npm/sub@2/X.sol': 'contract X {}',
        'npm/sub@3/X.sol': 'contract X {}',
      },
      ['project/:@lib/=npm/lib@1/', 'project/:@lib/sub/=npm/sub@2/', '@lib/sub/=npm/sub@3/'],
    )
    expect([...sourcesOf(given, ['project/A.sol'])]).to.deep.equal(['project/A.sol', 'npm/sub@2/X.sol'])
  })

  it('throws where a source is missing', () => {
    expect(() => sourcesOf(input({ 'project/A.sol': 'import "./B.sol";' }), ['project/A.sol'])).to.throw(
      'expected the source project/B.sol among what Hardhat compiled, it is not there',
    )
  })
})

describe('modulesOf', () => {
  it('follows relative imports, and neither packages nor generated types', () => {
    const found = [...modulesOf(import.meta.filename)].map((file) => relative(repoRoot, file)).sort()
    expect(found).to.include('test/scripts/quality/mutants/closures.test.ts')
    expect(found).to.include('scripts/quality/mutants/artifacts.ts')
    for (const file of found) expect(file).to.match(/^(scripts|test)\//)
  })
})
