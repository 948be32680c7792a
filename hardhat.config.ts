import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import toolbox from '@nomicfoundation/hardhat-toolbox-mocha-ethers'
import { configVariable, defineConfig } from 'hardhat/config'
import { dataDir } from './scripts/lib/paths.ts'

const require = createRequire(import.meta.url)

/** The URL of the chain that `npm start` runs: it takes another port when the default one is busy, and writes it down. */
function localUrl(): string {
  if (process.env.MOORING_RPC_URL) return process.env.MOORING_RPC_URL.split(',')[0]!
  const file = join(dataDir(), 'local.json')
  if (!existsSync(file)) return 'http://127.0.0.1:8545'
  return (JSON.parse(readFileSync(file, 'utf8')) as { rpcUrl: string }).rpcUrl
}

/** The first signs. An operator that has its reporter's key in the environment too can accept an appointment with it. */
const keys = [
  configVariable('MOORING_KEY'),
  ...(process.env.MOORING_REPORTER_KEY ? [configVariable('MOORING_REPORTER_KEY')] : []),
]

export default defineConfig({
  plugins: [toolbox],
  solidity: {
    npmFilesToBuild: ['@openzeppelin/contracts/governance/TimelockController.sol'],
    compilers: [
      {
        version: '0.8.34',
        path: require.resolve('solc/soljson.js'),
        settings: { evmVersion: 'cancun', optimizer: { enabled: true, runs: 200 }, viaIR: false },
      },
    ],
  },
  networks: {
    // Hardhat's simulated network: the contract tests.
    fvm: {
      type: 'edr-simulated',
      chainType: 'l1',
      chainId: 31415926,
      hardfork: 'cancun',
      allowBlocksWithSameTimestamp: true,
    },
    // The chain process of `npm start`; its accounts are unlocked test accounts of the node.
    local: { type: 'http', chainType: 'l1', chainId: 31415926, url: localUrl(), accounts: 'remote' },
    calibration: {
      type: 'http',
      chainType: 'l1',
      chainId: 314159,
      url: process.env.MOORING_CALIBRATION_RPC_URL ?? 'https://api.calibration.node.glif.io/rpc/v1',
      accounts: keys,
    },
    mainnet: {
      type: 'http',
      chainType: 'l1',
      chainId: 314,
      url: process.env.MOORING_MAINNET_RPC_URL ?? 'https://api.node.glif.io/rpc/v1',
      accounts: keys,
    },
  },
  test: {
    solidity: {
      fuzz: { runs: Number(process.env.FUZZ_RUNS ?? 256), seed: '0x4d6f6f72696e67' },
      invariant: {
        runs: Number(process.env.INV_RUNS ?? 64),
        depth: Number(process.env.INV_DEPTH ?? 32),
        failOnRevert: false,
      },
    },
    mocha: { timeout: 60_000 },
  },
  typechain: { outDir: './types/ethers-contracts', dontOverrideCompile: false },
  paths: { sources: './contracts', tests: { mocha: './test/contracts', solidity: './test/contracts' } },
})
