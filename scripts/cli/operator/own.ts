import { eventsOf } from '../../lib/logs.ts'
import type { ReadContext } from '../context.ts'
import { parseProvider } from '../provider.ts'
import type { Registry } from '../registry.ts'

export interface ProviderOption {
  provider: string
}

/** The operator that an account has with a provider. @throws Error that says how to get one. */
export async function operatorOfOwner(
  context: ReadContext,
  registry: Registry,
  { provider }: ProviderOption,
  owner: string,
): Promise<bigint> {
  const providerId = parseProvider(context, provider)
  const operatorId = await registry.operatorOfOwner(providerId, owner)
  if (operatorId !== 0n) return operatorId
  throw Object.assign(new Error(`${owner} owns no operator of provider ${providerId}`), {
    hint: 'Name its owner (--from ADDRESS), or join: npm run mooring -- operator join --help',
  })
}

/** The same, or the newest of those that have left. */
export async function lastOperatorOfOwner(
  context: ReadContext,
  registry: Registry,
  option: ProviderOption,
  owner: string,
): Promise<bigint> {
  const providerId = parseProvider(context, option.provider)
  const joined = await eventsOf(
    registry,
    registry.filters.OperatorJoined(undefined, providerId, owner),
    context.deployment.block,
  )
  const last = joined.at(-1)
  return last ? (last.args[0] as bigint) : operatorOfOwner(context, registry, option, owner)
}
