import { network } from 'hardhat'

/** Hardhat's simulated network, with `ethers`, `networkHelpers` and `provider`. */
export type Connection = Omit<Created, 'networkHelpers'> & { networkHelpers: NetworkHelpers }

type Created = Awaited<ReturnType<typeof create>>

/** Hardhat's helpers, with a `loadFixture` that takes any function whose arguments are optional. */
type NetworkHelpers = Omit<Created['networkHelpers'], 'loadFixture'> & {
  loadFixture: <T>(fixture: () => Promise<T>) => Promise<T>
}

type Fixture = () => Promise<unknown>

let shared: Promise<Connection> | undefined

const create = () => network.create({ network: 'fvm', chainType: 'l1' })

/** The one simulated network (chain id 31415926, every transaction mined at once) that all test files share. Its
 * `loadFixture` runs each fixture on the empty chain, so that no test sees what another left behind. */
export function connect(): Promise<Connection> {
  return (shared ??= createIsolated())
}

async function createIsolated(): Promise<Connection> {
  const connection = await create()
  const { networkHelpers } = connection
  const empty = await networkHelpers.takeSnapshot()
  let loaded: { fixture: Fixture; value: unknown; restore(): Promise<void> } | undefined

  // Only the last fixture's snapshot is kept: going back to the empty chain voids all that came after it.
  const loadFixture: NetworkHelpers['loadFixture'] = async <T>(fixture: () => Promise<T>): Promise<T> => {
    if (loaded?.fixture === fixture) {
      await loaded.restore()
      return loaded.value as T
    }
    await empty.restore()
    const value = await fixture()
    const { restore } = await networkHelpers.takeSnapshot()
    loaded = { fixture, value, restore }
    return value
  }
  return Object.assign(connection, { networkHelpers: Object.assign(networkHelpers, { loadFixture }) })
}
