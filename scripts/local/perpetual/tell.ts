import { formatEther, formatUnits } from 'ethers'
import { EPOCHS_PER_DAY } from '../../../oracle/chain/epochs.ts'
import { slotLabel } from '../../../oracle/chain/slot-id.ts'
import type { ContractEvent } from '../events.ts'
import { SLOT_KINDS, SLOT_STATES } from '../../lib/perpetual/names.ts'

/** What the words need beside the event. */
export interface Scene {
  /** Epoch of the order's opening: day 0. */
  opened: bigint
  /** Whose an account is, in words. */
  nameOf: (account: string) => string
}

/** `day 12`, counted from the order's opening. */
export const dayOf = (epoch: bigint, { opened }: Pick<Scene, 'opened'>): string =>
  `day ${(Number(epoch - opened) / Number(EPOCHS_PER_DAY)).toFixed(1)}`

/** An event of PerpetualStorage as a progress line: its stage, and words; undefined for what another line tells. */
export function tell({ name, args }: ContractEvent, scene: Scene): [stage: string, words: string] | undefined {
  const big = (field: string) => args[field] as bigint
  const fil = (field: string) => `${short(big(field))} FIL`
  const slot = () => slotLabel(big('slot'), big('nonce'))
  const miner = () => `t0${big('provider')}`
  const day = (field: string) => dayOf(big(field), scene)

  switch (name) {
    case 'OrderOpened': {
      const { replicas, pieceSize } = args.order as { replicas: bigint; pieceSize: bigint }
      return [
        'ordered',
        `#${big('orderId')}: ${replicas} replicas of a piece of ${pieceSize.toLocaleString('en-US')} B, ${fil('deposit')} paid in`,
      ]
    }
    case 'SlotClaimed':
      return [
        'claimed',
        `slot ${slot()} by ${miner()}: ${fil('collateral')} of collateral, to be proven by ${day('claimBy')}, ` +
          `pays ${formatUnits(big('price'), 'gwei')} nanoFIL an epoch`,
      ]
    case 'SlotBound':
      return [
        'bound',
        `slot ${slot()} to ${kindOf(args)} of ${miner()}: ${args.kind === 1n ? 'the market' : 'its miner'} actor told the contract`,
      ]
    case 'SlotProven':
      return [
        'proven',
        `slot ${slot()}: ${kindOf(args)} of ${miner()} is active; paid from ${day('start')} to ${day('end')}`,
      ]
    case 'SlotPaid':
      return ['paid', `slot ${slot()}: ${miner()} earned ${fil('amount')} for what is proven up to ${day('provenTo')}`]
    case 'SlotCut':
      return ['cut', `slot ${slot()}: ${fil('amount')} back to the order for time not proven, up to ${day('provenTo')}`]
    case 'SlotFaulty':
      return ['faulty', `slot ${slot()}: the sector of ${miner()} is shown faulty`]
    case 'SlotRecovered':
      return ['recovered', `slot ${slot()}: the sector of ${miner()} is active again`]
    case 'SlotClosed':
      return [SLOT_STATES[Number(args.state)]!.toLowerCase(), `slot ${slot()} of ${miner()}: ${splitOf(args)}`]
    case 'Barred':
      return ['barred', `${miner()} and its owner cannot claim in this order until ${day('untilEpoch')}`]
    case 'OrderCancelled':
      return [
        'cancelled',
        `#${big('orderId')} by the client: ${fil('amount')} that no slot can earn are the client's at once`,
      ]
    case 'Withdrawn':
      return ['withdrawn', `${fil('amount')} by ${scene.nameOf(args.account as string)}`]
    case 'ProviderWithdrawn':
      return ['withdrawn', `${fil('amount')} that ${miner()} earned, by ${scene.nameOf(args.owner as string)}`]
    default:
      return undefined
  }
}

function kindOf(args: Record<string, unknown>): string {
  const kind = SLOT_KINDS[Number(args.kind)]!.toLowerCase()
  return kind === 'deal' ? `deal ${String(args.dealId)}` : `${kind} ${String(args.sector)}`
}

/** Where a closed slot's money went. */
function splitOf(args: Record<string, unknown>): string {
  const parts: [field: string, words: string][] = [
    ['returned', 'back to the order unearned'],
    ['toPoster', 'of collateral returned'],
    ['toOrder', 'of collateral to the order'],
    ['toCaller', 'of collateral to whoever showed it'],
    ['toSink', 'of collateral burned'],
  ]
  const told = parts.filter(([field]) => args[field] !== 0n)
  return told.map(([field, words]) => `${short(args[field] as bigint)} FIL ${words}`).join(', ') || 'nothing moved'
}

/** Six digits after the point: for reading; the table has all 18. */
function short(attoFil: bigint): string {
  return Number(formatEther(attoFil)).toFixed(6)
}
