import type { BaseContract } from 'ethers'
import { fil } from '../lib/amounts.ts'
import { parseRequestId, type CliContext } from './context.ts'

async function pinningOf({ connection, deployment, signer }: CliContext): Promise<BaseContract> {
  return connection.ethers.getContractAt('PinningRequests', deployment.contracts.PinningRequests.address, signer)
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
    `refunded ${fil(amount)} of request #${id} to ${requester}'s credit; fetch it: npm run mooring -- withdraw`,
    {
      id,
      amount,
      requester,
      transaction: sent.hash,
    },
  )
}

/** `withdraw`: pays the caller's credits in all contracts to the caller. */
export async function withdraw(context: CliContext): Promise<void> {
  const { connection, deployment, signer } = context
  const paid: Record<string, unknown>[] = []
  let total = 0n
  for (const name of ['PinningRequests', 'OracleRegistry', 'PerpetualStorage'] as const) {
    const contract = await connection.ethers.getContractAt(name, deployment.contracts[name].address, signer)
    const amount = (await contract.getFunction('creditOf').staticCall(signer.address)) as bigint
    if (amount === 0n) continue
    const sent = await contract.getFunction('withdraw').send()
    await sent.wait()
    total += amount
    paid.push({ contract: name, amount, transaction: sent.hash })
  }
  const words = total === 0n ? `${signer.address} has no credit` : `paid ${fil(total)} to ${signer.address}`
  context.say(words, { account: signer.address, amount: total, paid })
}
