import type { CliContext, ReadContext } from './context.ts'

/** The registry, signing as whom the person is; only to be read where nobody signs. */
export async function registryOf({
  connection,
  deployment,
  signer,
}: ReadContext & Partial<Pick<CliContext, 'signer'>>) {
  const { address } = deployment.contracts.OracleRegistry
  const registry = await connection.ethers.getContractAt('OracleRegistry', address)
  return signer ? registry.connect(signer) : registry
}

export type Registry = Awaited<ReturnType<typeof registryOf>>
