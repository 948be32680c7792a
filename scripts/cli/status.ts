import { formatEther } from 'ethers'
import { readRequest, type RequestFacts } from '../lib/request.ts'
import { parseRequestId, type CliContext } from './context.ts'

/** `status ID`: what the chain knows of a request. */
export async function status({ connection, deployment, say }: CliContext, idText: string): Promise<void> {
  const facts = await readRequest(connection, deployment, parseRequestId(idText))
  const epoch = BigInt(await connection.ethers.provider.getBlockNumber())
  say(describe(facts, epoch), { ...facts, epoch })
}

function describe(facts: RequestFacts, epoch: bigint): string {
  const left = facts.deadlineEpoch - epoch
  const deadline =
    left >= 0n ? `epoch ${facts.deadlineEpoch} (${left} epochs left)` : `epoch ${facts.deadlineEpoch}, passed`
  const rows: [string, string][] = [
    ['state', facts.failReason ? `${facts.state}: ${facts.failReason}` : facts.state],
    ['cid', facts.cid],
    ['requester', facts.requester],
    ['deadline', deadline],
    [
      'piece',
      facts.pieceCid ? `${facts.pieceCid}, ${facts.pieceSize} B padded, CAR of ${facts.carBytes} B` : 'not packed yet',
    ],
    ['replicas', `${facts.deals.length} of ${facts.replicas} proven`],
    ...facts.deals.map(({ dealId, providerId, endEpoch, running }): [string, string] => [
      `deal ${dealId}`,
      `provider f0${providerId}, until epoch ${endEpoch}, ${running ? 'running' : 'not running any more'}`,
    ]),
    ['reward left', `${formatEther(facts.reward)} FIL`],
  ]
  const refundable = facts.reward > 0n && (['Failed', 'Expired', 'Cancelled'].includes(facts.state) || left < 0n)
  if (refundable) rows.push(['next', `npm run mooring -- refund ${facts.id}`])
  return [`request #${facts.id}`, ...rows.map(([name, words]) => `  ${name.padEnd(12)} ${words}`)].join('\n')
}
