import { formatEther, type BaseContract } from 'ethers'
import { parseRequestId, type CliContext } from './context.ts'

async function pinningOf({ connection, deployment }: CliContext): Promise<BaseContract> {
  return connection.ethers.getContractAt('PinningRequests', deployment.contracts.PinningRequests.address)
}

/** `refund ID`: books what a request did not spend to its requester's credit. Anyone may. */
export async function refund(context: CliContext, idText: string): Promise<void> {
  const id = parseRequestId(idText)
  const pinning = await pinningOf(context)
  const amount = (await pinning.getFunction('refund').staticCall(id)) as bigint
  const { requester } = (await pinning.getFunction('getRequest').staticCall(id)) as unknown as { requester: string }
  const sent = await pinning.getFunction('refund').send(id)
  await sent.wait()
  context.say(
    `refunded ${formatEther(amount)} FIL of request #${id} to ${requester}'s credit; fetch it: npm run mooring -- withdraw`,
    {
      id,
      amount,
      requester,
      transaction: sent.hash,
    },
  )
}

/** `withdraw`: pays the caller's credits in both contracts to the caller. */
export async function withdraw(context: CliContext): Promise<void> {
  const { connection, deployment } = context
  const [signer] = await connection.ethers.getSigners()
  if (!signer)
    throw new Error(`network '${connection.network}' has no key: set MOORING_KEY in the keystore or the environment`)
  const paid: Record<string, unknown>[] = []
  let total = 0n
  for (const name of ['PinningRequests', 'OracleRegistry'] as const) {
    const contract = await connection.ethers.getContractAt(name, deployment.contracts[name].address)
    const amount = (await contract.getFunction('creditOf').staticCall(signer.address)) as bigint
    if (amount === 0n) continue
    const sent = await contract.getFunction('withdraw').send()
    await sent.wait()
    total += amount
    paid.push({ contract: name, amount, transaction: sent.hash })
  }
  const words = total === 0n ? `${signer.address} has no credit` : `paid ${formatEther(total)} FIL to ${signer.address}`
  context.say(words, { account: signer.address, amount: total, paid })
}
