import { z } from 'zod'
import { ConfigError } from './errors.ts'
import {
  address,
  addresses,
  big,
  flag,
  listenAddress,
  miners,
  multiaddrs,
  optionalAddress,
  privateKey,
  texts,
  urlOrNone,
  urls,
  whole,
} from './config-variable.ts'
import type { Variable } from './config-variable.ts'
import { LOG_LEVELS } from './logger.ts'

const MAINNET_CHAIN_ID = 314

/** Everything that can be configured, in the order of `.env.example`. */
export const VARIABLES = {
  rpcUrls: {
    name: 'MOORING_RPC_URL',
    words: 'JSON-RPC endpoints of the chain, the preferred one first; the next is used when one fails.',
    expected: 'http(s) URLs, comma separated',
    example: 'https://api.calibration.node.glif.io/rpc/v1',
    schema: urls,
  },
  chainId: {
    name: 'MOORING_CHAIN_ID',
    words: 'The chain that the endpoints must be on: 314 mainnet, 314159 calibration, 31415926 local.',
    expected: 'a whole number ≥ 1',
    example: '314159',
    schema: whole(1),
  },
  registry: {
    name: 'MOORING_REGISTRY',
    words: 'Address of OracleRegistry.',
    expected: 'an address: 0x and 40 hex digits, with its checksum if in mixed case',
    example: '0x…',
    schema: address,
  },
  pinning: {
    name: 'MOORING_PINNING',
    words: 'Address of PinningRequests.',
    expected: 'an address: 0x and 40 hex digits, with its checksum if in mixed case',
    example: '0x…',
    schema: address,
  },
  edgeProvider: {
    name: 'MOORING_EDGE_PROVIDER',
    words: 'Address of EdgeProvider, through which deals are read from the market actor.',
    expected: 'an address: 0x and 40 hex digits, with its checksum if in mixed case',
    example: '0x…',
    schema: address,
  },
  perpetual: {
    name: 'MOORING_PERPETUAL',
    words: 'Address of PerpetualStorage, whose orders are watched and kept; none: this operator takes no part in it.',
    expected: 'an address: 0x and 40 hex digits, with its checksum if in mixed case; or the word none',
    fallback: 'none',
    schema: optionalAddress,
  },
  sectorLocator: {
    name: 'MOORING_SECTOR_LOCATOR',
    words: 'Address of SectorLocator, through which miners are asked where their sectors are; the keeper needs it.',
    expected: 'an address: 0x and 40 hex digits, with its checksum if in mixed case; or the word none',
    fallback: 'none',
    schema: optionalAddress,
  },
  providerId: {
    name: 'MOORING_PROVIDER_ID',
    words: 'The provider (service) in OracleRegistry whose requests are served.',
    expected: 'a whole number ≥ 1',
    example: '1',
    schema: big(1n),
  },
  startBlock: {
    name: 'MOORING_START_BLOCK',
    words:
      'The first epoch to read logs from: the one OracleRegistry was deployed in. Later starts go on where they stopped.',
    expected: 'a whole number ≥ 0',
    fallback: '0',
    schema: whole(0),
  },
  reporterKey: {
    name: 'MOORING_REPORTER_KEY',
    words: 'Private key of the operator’s reporter: it votes and pays the gas. Keep little money on it.',
    expected: 'a private key: 0x and 64 hex digits',
    example: '0x…',
    secret: true,
    schema: privateKey,
  },
  edgeUrls: {
    name: 'MOORING_EDGE_URLS',
    words: 'Edge nodes that make the deals, the preferred one first.',
    expected: 'http(s) URLs, comma separated',
    example: 'https://edge.example.org',
    schema: urls,
  },
  edgeKeys: {
    name: 'MOORING_EDGE_KEYS',
    words: 'API keys of the Edge nodes: one for all, or one each in the same order.',
    expected: 'API keys, comma separated: one, or as many as MOORING_EDGE_URLS has URLs',
    example: 'EST…ARY',
    secret: true,
    schema: texts.refine((keys) => keys.length > 0),
  },
  miners: {
    name: 'MOORING_MINERS',
    words: 'Storage providers to make deals with, the preferred ones first; a request with n replicas needs n of them.',
    expected: 'different miner ids (f01234 or t01234), comma separated',
    example: 't01000,t01001',
    schema: miners,
  },
  dataDir: {
    name: 'MOORING_DATA',
    words: 'Folder for the database, the blocks and the CAR files.',
    expected: 'a path',
    fallback: '.mooring',
    schema: z.string().min(1),
  },
  confirmations: {
    name: 'MOORING_CONFIRMATIONS',
    words: 'When a log is believed and a transaction done: after so many epochs, or at the chain’s finalized tag.',
    expected: 'a whole number from 0 to 900, or the word finalized',
    fallback: 'finalized',
    schema: z.union([z.literal('finalized'), whole(0, 900)]),
  },
  logRangeEpochs: {
    name: 'MOORING_LOG_RANGE',
    words: 'Epochs per request for logs; halved when an endpoint finds it too much.',
    expected: 'a whole number from 1 to 2880',
    fallback: '1000',
    schema: whole(1, 2880),
  },
  pollMs: {
    name: 'MOORING_POLL_MS',
    words: 'How often the chain is looked at, milliseconds.',
    expected: 'a whole number from 50 to 600000',
    fallback: '5000',
    schema: whole(50, 600_000),
  },
  allowPrivate: {
    name: 'MOORING_ALLOW_PRIVATE',
    words:
      'Whether fetch links may lead to private addresses (127.0.0.1, 10.…). For a local chain only; refused on mainnet.',
    expected: '0 or 1',
    fallback: '0',
    schema: flag,
  },
  ipfsListen: {
    name: 'MOORING_IPFS_LISTEN',
    words: 'Where the IPFS node listens.',
    expected: 'multiaddrs, comma separated, or the word none',
    fallback: '/ip4/0.0.0.0/tcp/4001',
    schema: multiaddrs,
  },
  ipfsRouting: {
    name: 'MOORING_IPFS_ROUTING',
    words: 'How the holders of a CID are found: through the public network, or only by the request’s fetch link.',
    expected: 'public or off',
    fallback: 'public',
    schema: z.enum(['public', 'off']),
  },
  maxBytes: {
    name: 'MOORING_MAX_BYTES',
    words: 'The largest CAR to handle, bytes; a request’s own limit counts where it is lower.',
    expected: 'a whole number ≥ 1',
    fallback: '34091302912',
    schema: big(1n),
  },
  maxBlocks: {
    name: 'MOORING_MAX_BLOCKS',
    words: 'The most blocks under one CID.',
    expected: 'a whole number ≥ 1',
    fallback: '1000000',
    schema: whole(1),
  },
  maxDepth: {
    name: 'MOORING_MAX_DEPTH',
    words: 'The longest path of links under one CID.',
    expected: 'a whole number from 1 to 100000',
    fallback: '1024',
    schema: whole(1, 100_000),
  },
  fetchTimeoutMs: {
    name: 'MOORING_FETCH_TIMEOUT_MS',
    words: 'How long one attempt to fetch a CID may take, milliseconds.',
    expected: 'a whole number ≥ 100',
    fallback: '1800000',
    schema: whole(100, 2 ** 31 - 1),
  },
  maxAttempts: {
    name: 'MOORING_MAX_ATTEMPTS',
    words: 'Failed attempts at one step before the request is answered by a failure.',
    expected: 'a whole number from 1 to 1000',
    fallback: '12',
    schema: whole(1, 1000),
  },
  retryBaseMs: {
    name: 'MOORING_RETRY_BASE_MS',
    words: 'Longest wait after the first failed attempt, milliseconds; it doubles up to 10 minutes.',
    expected: 'a whole number from 1 to 600000',
    fallback: '2000',
    schema: whole(1, 600_000),
  },
  dealPollMs: {
    name: 'MOORING_DEAL_POLL_MS',
    words: 'How often an Edge node is asked for a deal’s status, milliseconds.',
    expected: 'a whole number from 50 to 86400000',
    fallback: '60000',
    schema: whole(50, 86_400_000),
  },
  deadlineLagEpochs: {
    name: 'MOORING_DEADLINE_LAG',
    words: 'Epochs before a request’s deadline at which work ends: what is not answered then is answered by a failure.',
    expected: 'a whole number from 0 to 2880',
    fallback: '5',
    schema: whole(0, 2880),
  },
  challenge: {
    name: 'MOORING_CHALLENGE',
    words:
      'What is done about an answer that is not what this operator found: auto posts the bond and challenges it, ask logs the command that does, off only keeps a row of it.',
    expected: 'auto, ask or off',
    fallback: 'ask',
    schema: z.enum(['auto', 'ask', 'off']),
  },
  challengeCap: {
    name: 'MOORING_CHALLENGE_CAP',
    words: 'The most in bonds of this operator’s own challenges that may be out at the same time, attoFIL.',
    expected: 'a whole number ≥ 0',
    fallback: '10000000000000000000',
    schema: big(0n),
  },
  http: {
    name: 'MOORING_HTTP',
    words: 'Where the pieces of storage orders are served for download, so that storage providers can fetch them.',
    expected: 'host:port, or the word off',
    fallback: 'off',
    schema: listenAddress,
  },
  httpUrl: {
    name: 'MOORING_HTTP_URL',
    words: 'How others reach what MOORING_HTTP serves, where that is not http://host:port: its public base URL.',
    expected: 'an http(s) URL, or the word none',
    fallback: 'none',
    schema: urlOrNone,
  },
  httpStreams: {
    name: 'MOORING_HTTP_STREAMS',
    words: 'Pieces served at the same time; who comes then is asked to come again.',
    expected: 'a whole number from 1 to 1000',
    fallback: '16',
    schema: whole(1, 1000),
  },
  keepBytes: {
    name: 'MOORING_KEEP_BYTES',
    words:
      'How much of storage orders’ payloads is kept here, bytes of CAR files; their blocks take as much again. 0 keeps none.',
    expected: 'a whole number ≥ 0',
    fallback: '107374182400',
    schema: big(0n),
  },
  keeper: {
    name: 'MOORING_KEEPER',
    words:
      'Whether this operator keeps the slots of PerpetualStorage up to date (settle, cut, lapse, release), and opens the orders that requests go on as, at its own cost; without MOORING_PERPETUAL it never does.',
    expected: 'on or off',
    fallback: 'on',
    schema: z.enum(['on', 'off']),
  },
  keeperCap: {
    name: 'MOORING_KEEPER_CAP',
    words:
      'The most that keeping slots, opening orders and acting for DataDAOs may cost in gas within 2,880 epochs (a day), attoFIL; half of it is for slots alone.',
    expected: 'a whole number ≥ 0',
    fallback: '1000000000000000000',
    schema: big(0n),
  },
  daos: {
    name: 'MOORING_DAOS',
    words: 'Addresses of the DataDAOs whose proposals, votes and collections are followed.',
    expected:
      'different addresses, comma separated: 0x and 40 hex digits, with checksum if in mixed case; or the word none',
    fallback: 'none',
    schema: addresses,
  },
  daoKeeper: {
    name: 'MOORING_DAO_KEEPER',
    words:
      'Whether this operator queues and executes what those DataDAOs have passed, at its own cost: that and opening orders may take half of MOORING_KEEPER_CAP.',
    expected: '0 or 1',
    fallback: '0',
    schema: flag,
  },
  retrievalMs: {
    name: 'MOORING_RETRIEVAL_MS',
    words:
      'How often the holder of a replica is asked for one of its blocks, where an Edge node’s gateway can be asked, milliseconds; 0: never.',
    expected: 'a whole number ≥ 0',
    fallback: '21600000',
    schema: whole(0),
  },
  gasCap: {
    name: 'MOORING_GAS_CAP',
    words: 'The highest fee per unit of gas to pay, attoFIL.',
    expected: 'a whole number ≥ 1',
    fallback: '10000000000',
    schema: big(1n),
  },
  concurrency: {
    name: 'MOORING_CONCURRENCY',
    words: 'Requests worked on at the same time at each step; one requester gets at most half of it.',
    expected: 'a whole number from 1 to 64',
    fallback: '4',
    schema: whole(1, 64),
  },
  logLevel: {
    name: 'MOORING_LOG_LEVEL',
    words: 'The least important log lines to print.',
    expected: `one of ${LOG_LEVELS.join(', ')}`,
    fallback: 'info',
    schema: z.enum(LOG_LEVELS),
  },
} satisfies Record<string, Variable<unknown>>

/** Checked truth: addresses with checksums, numbers in range, lists parsed. Units are in the names. */
export type Config = { [Key in keyof typeof VARIABLES]: z.output<(typeof VARIABLES)[Key]['schema']> }

/** The variables of this program among all of the environment's; empty ones count as absent. */
export function readEnv(env: Record<string, string | undefined>): Record<string, string> {
  const given = Object.entries(env).filter(([name, text]) => name.startsWith('MOORING_') && text?.trim())
  return Object.fromEntries(given.map(([name, text]) => [name, text!.trim()]))
}

/** @throws ConfigError with every fault: the variable, what was expected, what came, what to do. */
export function parseConfig(given: Record<string, string>): Config {
  const faults: string[] = []
  const values: Record<string, unknown> = {}
  for (const [key, variable] of Object.entries<Variable<unknown>>(VARIABLES)) {
    const text = given[variable.name] ?? variable.fallback
    const parsed = text === undefined ? undefined : variable.schema.safeParse(text)
    if (parsed?.success) values[key] = parsed.data
    else faults.push(faultOf(variable, text))
  }

  const config = values as Partial<Config>
  if (config.chainId === MAINNET_CHAIN_ID && config.allowPrivate) {
    faults.push(
      'MOORING_ALLOW_PRIVATE: expected 0 on chain 314, got 1. A fetch link could reach the operator’s own network: remove it.',
    )
  }
  if (config.edgeKeys && config.edgeUrls && ![1, config.edgeUrls.length].includes(config.edgeKeys.length)) {
    faults.push(
      `MOORING_EDGE_KEYS: expected one key or ${config.edgeUrls.length} (one for each URL), got ${config.edgeKeys.length}. Give each Edge node its key, in the order of MOORING_EDGE_URLS.`,
    )
  }
  if (config.perpetual && config.keeper === 'on' && config.sectorLocator === null) {
    faults.push(
      'MOORING_SECTOR_LOCATOR: expected an address, got none, while MOORING_PERPETUAL has one and MOORING_KEEPER is on. Set it, or switch the keeper off.',
    )
  }
  if (faults.length > 0) throw new ConfigError(faults, { hint: 'see .env.example and docs/configuration.md' })
  return config as Config
}

function faultOf({ name, expected, secret, example, words }: Variable<unknown>, text: string | undefined): string {
  if (text === undefined)
    return `${name}: expected ${expected}, got nothing. ${words} Set it, for example to ${example}.`
  const came = secret ? `${text.length} characters that are not (kept secret)` : JSON.stringify(text)
  return `${name}: expected ${expected}, got ${came}. ${words} Correct it${example ? `, for example to ${example}` : ''}.`
}

/** The text of `.env.example`: every variable with its words; those with a fallback are commented out. */
export function renderEnvExample(): string {
  const head = '# Configuration of the executor (npm run executor). Generated from oracle/config.ts: do not edit.\n'
  const parts = Object.values<Variable<unknown>>(VARIABLES).map(({ name, words, expected, fallback, example }) => {
    const line = fallback === undefined ? `${name}=${example ?? ''}` : `# ${name}=${fallback}`
    return `# ${words}\n# Expected: ${expected}.\n${line}\n`
  })
  return [head, ...parts].join('\n')
}

/** The table of docs/configuration.md: every variable, as markdown. */
export function renderConfigurationTable(): string {
  const rows = Object.values<Variable<unknown>>(VARIABLES).map(({ name, words, expected, fallback, secret }) => {
    const value = fallback === undefined ? 'required' : `\`${fallback}\``
    return `| \`${name}\` | ${words}${secret ? ' Secret.' : ''} | ${expected} | ${value} |`
  })
  return ['| variable | what it is | expected | default |', '| --- | --- | --- | --- |', ...rows].join('\n')
}
