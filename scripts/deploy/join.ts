import type { BaseContract, ContractTransactionReceipt, ContractTransactionResponse, Signer } from 'ethers'
import type { Connection } from '../lib/hardhat.ts'

export interface JoinTerms {
  providerId: bigint
  owner: Signer
  reporter: string
  endpoint: string
  /** attoFIL */
  stake: bigint
}

export interface Joined {
  operatorId: bigint
  transaction: string
  /** False until the reporter accepts: its key is not here. */
  active: boolean
}

/** Joins a provider with stake. A reporter that is not its operator's owner accepts by itself: at once where its key is at hand. */
export async function joinProvider(connection: Connection, registry: BaseContract, terms: JoinTerms): Promise<Joined> {
  const { providerId, owner, reporter, endpoint, stake } = terms
  const sent = await registry.connect(owner).getFunction('join').send(providerId, reporter, endpoint, { value: stake })
  const operatorId = idFrom(await receiptOf(sent), registry, 'OperatorJoined')
  const active =
    connection.ethers.getAddress(reporter) === (await owner.getAddress()) ||
    (await acceptWithKeyAtHand(connection, registry, operatorId, reporter)) !== undefined
  return { operatorId, transaction: sent.hash, active }
}

/** Accepts an appointment if the reporter's key is among the network's; gives the transaction's hash. */
export async function acceptWithKeyAtHand(
  { ethers }: Connection,
  registry: BaseContract,
  operatorId: bigint,
  reporter: string,
): Promise<string | undefined> {
  const key = (await ethers.getSigners()).find(({ address }) => address === ethers.getAddress(reporter))
  if (!key) return undefined
  const sent = await registry.connect(key).getFunction('acceptReporter').send(operatorId)
  await receiptOf(sent)
  return sent.hash
}

async function receiptOf(sent: ContractTransactionResponse): Promise<ContractTransactionReceipt> {
  const receipt = await sent.wait()
  if (!receipt) throw new Error(`transaction ${sent.hash} has no receipt`)
  return receipt
}

/** The id that `contract`'s first `event` in a receipt begins with. */
export function idFrom(receipt: ContractTransactionReceipt, contract: BaseContract, event: string): bigint {
  for (const log of receipt.logs) {
    const parsed = contract.interface.parseLog(log)
    if (parsed?.name === event) return parsed.args[0] as bigint
  }
  throw new Error(`transaction ${receipt.hash} shows no ${event} event`)
}
