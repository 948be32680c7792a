import { RULINGS } from '../../oracle/chain/contracts.ts'
import { readAnswers } from '../lib/answers.ts'
import { stageName } from '../lib/stages.ts'
import { parseRequestId, type CliContext } from './context.ts'
import { registryOf } from './registry.ts'

/** `council vote ID upheld|rejected`: a member's vote on the open challenge of a request. The deciding vote closes it. */
export async function vote(context: CliContext, idText: string, rulingText: string): Promise<void> {
  const id = parseRequestId(idText)
  const { connection, deployment, signer } = context
  const registry = await registryOf(context)
  const { providerId } = await registry.getRequest(id)
  const before = await readAnswers(connection, deployment, id)
  if (!before.challenge?.open) throw new Error(`no challenge of request #${id} is open: there is nothing to rule on`)

  const { stage } = before.challenge
  const { arbiter } = await registry.getConfig(providerId, before.version)
  const council = await connection.ethers.getContractAt('CouncilArbiter', arbiter, signer)
  const members = await council.getMembers()
  if (!members.includes(signer.address)) {
    throw new Error(`${signer.address} is no member of the council ${arbiter}: its members are ${members.join(', ')}`)
  }
  const sent = await council.vote(registry, id, stage, RULINGS.indexOf(rulingText === 'upheld' ? 'Upheld' : 'Rejected'))
  await sent.wait()

  const [upheld, rejected] = await council.votesOn(registry, id)
  const threshold = await council.threshold()
  let after = await readAnswers(connection, deployment, id)
  if (after.challenge!.open && (upheld >= threshold || rejected >= threshold)) {
    // The ruling stands, but the closing inside that transaction had too little gas: no node's estimate counts it.
    await (await registry.resolve(id)).wait()
    after = await readAnswers(connection, deployment, id)
  }
  const closed = !after.challenge!.open
  const words = closed
    ? `decided: ${after.challenge!.ruling.toLowerCase()}; request #${id} is ${after.state}`
    : `${threshold} of ${members.length} must agree`
  context.say(
    `voted ${rulingText} on ${stageName(stage, after.job)} of request #${id} (${upheld} upheld, ${rejected} rejected): ${words}`,
    {
      ...{ id, stage, vote: rulingText, upheld, rejected, threshold, closed, state: after.state },
      transaction: sent.hash,
    },
  )
}
