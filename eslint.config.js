import tseslint from 'typescript-eslint'

/** One third party per room: who may import what, beyond the room itself. */
const rooms = [
  { names: ['kysely', 'node:sqlite'], room: 'oracle/db', why: 'kysely and SQLite live in oracle/db' },
  {
    names: [
      'helia',
      '@helia/*',
      'libp2p',
      '@libp2p/*',
      '@chainsafe/*',
      'blockstore-fs',
      'datastore-*',
      '@multiformats/multiaddr',
    ],
    room: 'oracle/ipfs',
    why: 'Helia and libp2p live in oracle/ipfs',
  },
  {
    names: ['fastify', '@fastify/*'],
    room: 'oracle/{edge/dev-node,http}',
    why: 'Fastify lives in the servers: oracle/edge/dev-node and oracle/http',
  },
  {
    names: ['fr32-*', '@web3-storage/data-segment', '@web3-storage/data-segment/*'],
    room: 'oracle/proofs',
    why: 'piece hashing and aggregates live in oracle/proofs',
  },
]

const restrict = (list) => [
  'error',
  { patterns: list.map(({ names, why }) => ({ group: names, message: `${why}; import that room instead.` })) },
]

export default tseslint.config(
  { ignores: ['node_modules', 'types', 'artifacts', 'cache', 'coverage', '.tools', '.mooring'] },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A CID and a URL print as themselves.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allow: ['CID', 'URL', 'Error'] },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      'no-restricted-imports': restrict(rooms),
    },
  },
  {
    files: ['oracle/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only main.ts reads the environment; config is checked truth.' },
      ],
    },
  },
  { files: ['oracle/**/main.ts'], rules: { 'no-restricted-properties': 'off' } },
  ...rooms.map(({ room, names }) => ({
    files: [`${room}/**/*.ts`],
    rules: { 'no-restricted-imports': restrict(rooms.filter((other) => other.names !== names)) },
  })),
  {
    // A program of its own: a server with a small database file.
    files: ['oracle/edge/dev-node/**/*.ts'],
    rules: {
      'no-restricted-imports': restrict(
        rooms
          .filter(({ names }) => !names.includes('fastify'))
          .map((one) => ({ ...one, names: one.names.filter((name) => name !== 'node:sqlite') })),
      ),
    },
  },
  {
    // Only the sender signs; the dev node owns its storage providers' key.
    files: ['oracle/**/*.ts'],
    ignores: ['oracle/chain/sender*.ts', 'oracle/chain/sender/**', 'oracle/edge/dev-node/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name=/^(Wallet|SigningKey)$/]',
          message: 'The signing key lives in oracle/chain/sender.',
        },
      ],
    },
  },
  {
    // chai's assertions are expressions; tests and benchmarks put the third parties beside our own code; Hardhat's network
    // helpers (loadFixture …) are bound methods whose types do not say so.
    files: ['test/**/*.ts', 'scripts/bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/require-await': 'off', // a stub of something asynchronous
      'no-restricted-imports': 'off',
    },
  },
)
