import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { VARIABLES, parseConfig, readEnv, renderEnvExample } from '../../oracle/config.ts'
import { ConfigError } from '../../oracle/errors.ts'

const KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'

const GOOD: Record<string, string> = {
  MOORING_RPC_URL: 'http://127.0.0.1:8545/, https://second.example',
  MOORING_CHAIN_ID: '31415926',
  MOORING_REGISTRY: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
  MOORING_PINNING: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512',
  MOORING_EDGE_PROVIDER: '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0',
  MOORING_PROVIDER_ID: '1',
  MOORING_REPORTER_KEY: KEY,
  MOORING_EDGE_URLS: 'http://127.0.0.1:1313',
  MOORING_EDGE_KEYS: 'EST-a-ARY',
  MOORING_MINERS: 't01000,t01001',
}

function faultsOf(env: Record<string, string>): string[] {
  try {
    parseConfig(readEnv(env))
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigError)
    return (error as ConfigError).faults
  }
  throw new Error('the configuration was accepted')
}

describe('config', () => {
  it('turns the environment into checked values', () => {
    const config = parseConfig(
      readEnv({ ...GOOD, MOORING_CONFIRMATIONS: '2', MOORING_ALLOW_PRIVATE: '1', PATH: '/bin' }),
    )

    expect(config).to.deep.include({
      rpcUrls: ['http://127.0.0.1:8545', 'https://second.example'],
      chainId: 31415926,
      registry: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
      providerId: 1n,
      miners: ['t01000', 't01001'],
      confirmations: 2,
      allowPrivate: true,
      maxBytes: 34_091_302_912n,
      ipfsListen: ['/ip4/0.0.0.0/tcp/4001'],
    })
  })

  it('takes the finalized tag and the word none', () => {
    const config = parseConfig(readEnv({ ...GOOD, MOORING_CONFIRMATIONS: 'finalized', MOORING_IPFS_LISTEN: 'none' }))

    expect(config).to.deep.include({ confirmations: 'finalized', ipfsListen: [] })
  })

  it('counts an empty variable as absent', () => {
    expect(parseConfig(readEnv({ ...GOOD, MOORING_POLL_MS: ' ' })).pollMs).to.equal(5000)
  })

  it('tells all faults at once, each with its name, what was expected and what came', () => {
    const faults = faultsOf({ MOORING_CHAIN_ID: 'calibration', MOORING_MINERS: 't01000,f01000' })

    expect(faults).to.have.lengthOf(10)
    expect(faults.find((fault) => fault.startsWith('MOORING_CHAIN_ID'))).to.match(
      /expected a whole number ≥ 1, got "calibration"\. .+ Correct it, for example to 314159\.$/,
    )
    expect(faults.find((fault) => fault.startsWith('MOORING_RPC_URL'))).to.match(/got nothing.+Set it/)
    expect(faults.find((fault) => fault.startsWith('MOORING_MINERS'))).to.include('different miner ids')
  })

  it('never repeats a secret', () => {
    const [fault, ...rest] = faultsOf({ ...GOOD, MOORING_REPORTER_KEY: '0xdeadbeefdeadbeef' })

    expect(rest).to.be.empty
    expect(fault).to.include('MOORING_REPORTER_KEY').and.not.include('deadbeef')
  })

  const BAD: [string, string][] = [
    ['MOORING_RPC_URL', 'ftp://example.org'],
    ['MOORING_RPC_URL', ','],
    ['MOORING_REGISTRY', '0x5fbDB2315678afecb367f032d93F642f64180aa3'],
    ['MOORING_PINNING', '0x1234'],
    ['MOORING_PROVIDER_ID', '0'],
    ['MOORING_PROVIDER_ID', '-1'],
    ['MOORING_REPORTER_KEY', '0x' + '00'.repeat(32)],
    ['MOORING_REPORTER_KEY', '0x' + 'ff'.repeat(32)],
    ['MOORING_EDGE_KEYS', 'one,two'],
    ['MOORING_CONFIRMATIONS', 'latest'],
    ['MOORING_CONFIRMATIONS', '901'],
    ['MOORING_LOG_RANGE', '2881'],
    ['MOORING_POLL_MS', '1e3'],
    ['MOORING_ALLOW_PRIVATE', 'yes'],
    ['MOORING_IPFS_LISTEN', '127.0.0.1:4001'],
    ['MOORING_IPFS_ROUTING', 'dht'],
    ['MOORING_LOG_LEVEL', 'verbose'],
    ['MOORING_DAOS', '0x1234'],
    ['MOORING_DAOS', `${GOOD.MOORING_PINNING},none`],
    ['MOORING_DAOS', `${GOOD.MOORING_REGISTRY},0x5FbDB2315678afecb367f032d93F642f64180aa3`],
    ['MOORING_DAO_KEEPER', 'on'],
  ]
  for (const [name, value] of BAD) {
    it(`refuses ${name}=${value.slice(0, 44)}`, () => {
      const faults = faultsOf({ ...GOOD, [name]: value })

      expect(faults).to.have.lengthOf(1)
      expect(faults[0]).to.match(new RegExp(`^${name}: expected `))
    })
  }

  it('refuses fetching from private addresses on mainnet', () => {
    const faults = faultsOf({ ...GOOD, MOORING_CHAIN_ID: '314', MOORING_ALLOW_PRIVATE: '1' })

    expect(faults).to.have.lengthOf(1)
    expect(faults[0]).to.match(/^MOORING_ALLOW_PRIVATE: expected 0 on chain 314, got 1/)
  })

  it('refuses a keeper that cannot ask where sectors are, and takes PerpetualStorage without one', () => {
    const perpetual = { ...GOOD, MOORING_PERPETUAL: GOOD.MOORING_PINNING }

    expect(faultsOf(perpetual)).to.have.lengthOf(1)
    expect(faultsOf(perpetual)[0]).to.match(/^MOORING_SECTOR_LOCATOR: expected an address, got none/)
    expect(parseConfig({ ...perpetual, MOORING_KEEPER: 'off' }).perpetual).to.equal(GOOD.MOORING_PINNING)
    expect(parseConfig(GOOD).perpetual).to.equal(null)
  })

  it('takes the DataDAOs to follow, and acts for none unless told to', () => {
    const { MOORING_REGISTRY, MOORING_PINNING } = GOOD
    const config = parseConfig(readEnv({ ...GOOD, MOORING_DAOS: `${MOORING_REGISTRY}, ${MOORING_PINNING}` }))

    expect(config.daos).to.deep.equal(['0x5FbDB2315678afecb367f032d93F642f64180aa3', MOORING_PINNING])
    expect(config.daoKeeper).to.equal(false)
    expect(parseConfig(readEnv({ ...GOOD, MOORING_DAO_KEEPER: '1' }))).to.deep.include({ daos: [], daoKeeper: true })
  })

  it('accepts every fallback', () => {
    for (const { name, fallback, schema } of Object.values(VARIABLES).filter((variable) => 'fallback' in variable)) {
      expect(schema.safeParse(fallback).success, name).to.equal(true)
    }
  })

  it('has words, an expectation and a fallback or an example for every variable', () => {
    for (const variable of Object.values(VARIABLES)) {
      expect(variable.words, variable.name).to.match(/\.$/)
      expect(variable.expected, variable.name).not.to.be.empty
      expect('fallback' in variable || 'example' in variable, variable.name).to.equal(true)
    }
  })

  it('keeps .env.example up to date', () => {
    expect(readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')).to.equal(renderEnvExample())
  })
})
