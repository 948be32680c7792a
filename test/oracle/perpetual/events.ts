import { hexlify } from 'ethers'
import type { ChainLog } from '../../../oracle/chain/answers.ts'
import { perpetualAbi } from '../../../oracle/chain/perpetual.ts'

export const PERPETUAL = '0xCf7Ed3AccA5a467e9e704C703E8D87F634fB0Fc9'
export const CLIENT = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
export const POSTER = '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65'
export const DIGEST = '0x' + 'd1'.repeat(32)
export const PIECE_CID = '0x0181e203922020' + 'd1'.repeat(32)

/** Terms as the contract takes them: a day to claim, seven days' gap, two weeks to evict. */
export const TERMS = {
  ...{ minTermEpochs: 518_400n, maxTermEpochs: 1_036_800n, claimEpochs: 20_160n, fetchEpochs: 2_880n },
  ...{ gapEpochs: 20_160n, renewalEpochs: 86_400n, evictEpochs: 40_320n },
  ...{ collateral: 10n ** 18n, minPower: 0n, liveness: 0n, access: 0n },
}

/** A log of PerpetualStorage, at a place in the chain. */
export function event(name: string, args: unknown[], blockNumber = 100n, logIndex = 0): ChainLog {
  const { data, topics } = perpetualAbi.encodeEventLog(name, args)
  return {
    address: PERPETUAL.toLowerCase(),
    ...{ data, topics, blockNumber, logIndex },
    blockHash: '0x' + blockNumber.toString(16).padStart(64, '0'),
    transactionHash: '0x' + '77'.repeat(32),
  }
}

/** Order 3 with two replicas at 10 attoFIL per epoch, funded with `deposit`. */
export function opened(deposit: bigint, blockNumber = 100n, over: Record<string, unknown> = {}): ChainLog {
  const order = {
    ...{ pieceCid: PIECE_CID, pieceSize: 2048n, replicas: 2n, price: 10n, ceiling: 20n, endEpoch: 0n },
    ...{ payloadCid: '0x01', seed: hexlify(Buffer.from('http://seed.example/piece')), terms: TERMS, providers: [] },
    ...over,
  }
  return event('OrderOpened', [3n, CLIENT, DIGEST, order, deposit], blockNumber)
}

export const SLOT = 3n * 256n
export const PROVIDER = 1000n
export const OWNER = 200n
export const PRICE = 10n
/** What a claim reserves. */
export const RESERVED: bigint = PRICE * TERMS.maxTermEpochs

export const claimed = (blockNumber: bigint, nonce = 1n, provider = PROVIDER): ChainLog =>
  event(
    'SlotClaimed',
    [
      ...[SLOT, provider, nonce, OWNER, POSTER, PRICE, TERMS.maxTermEpochs, 0n],
      ...[blockNumber + TERMS.claimEpochs, TERMS.collateral],
    ],
    blockNumber,
  )
/** Proven by deal 7 in sector 9 for all of the term that was reserved. */
export const proven = (blockNumber: bigint, start = blockNumber, end = start + TERMS.maxTermEpochs): ChainLog =>
  event('SlotProven', [SLOT, PROVIDER, 1n, 1n, 7n, 9n, start, end, RESERVED - PRICE * (end - start)], blockNumber)
