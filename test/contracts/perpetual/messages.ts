import { encode } from '@ipld/dag-cbor'
import { concat, getBytes, hexlify, toBeArray, toUtf8String, type ContractTransactionResponse } from 'ethers'
import { CID } from 'multiformats'
import { maskedIdAddress } from '../../../scripts/local/actors.ts'
import { MIN_DURATION } from '../../helpers/actors.ts'
import { frc42 } from '../../helpers/frc42.ts'
import { ethers, MARKET, networkHelpers, now, setBalance, type Claimed, type World } from './world.ts'

/** Under which parameters and answers of actors go. */
export const CBOR = 0x51n

export const METHOD = {
  authenticate: frc42('AuthenticateMessage'),
  notify: frc42('MarketNotifyDeal'),
  contentChanged: frc42('SectorContentChanged'),
  receive: frc42('Receive'),
}

/** {IPerpetualCallbacks-Refusal} */
export const REFUSAL = {
  NotTheMarket: 0n,
  OtherClient: 1n,
  NotFree: 2n,
  Verified: 3n,
  BadLabel: 4n,
  NoSuchClaim: 5n,
  OtherProvider: 6n,
  OtherPiece: 7n,
  BadStart: 8n,
  TermTooShort: 9n,
}

/** A deal proposal as the market encodes it; addresses are Filecoin's bytes. */
export interface Proposal {
  pieceCid: string
  pieceSize: bigint
  verified: boolean
  client: string
  provider: string
  /** Text, or bytes in hex. */
  label: string | { bytes: string }
  startEpoch: bigint
  endEpoch: bigint
  price: bigint
  providerCollateral: bigint
  clientCollateral: bigint
}

/** The f410 address of an account or contract. */
export const f410 = (address: string): string => `0x040a${address.slice(2).toLowerCase()}`

/** The f0 address of an actor. */
export function f0(id: bigint): string {
  const groups: number[] = []
  for (let rest = id; ; rest >>= 7n) {
    if (rest < 0x80n) return hexlify(Uint8Array.from([0, ...groups, Number(rest)]))
    groups.push(Number(rest & 0x7fn) | 0x80)
  }
}

/** The proposal by which the claim's provider would prove it for the shortest term, with `changes`. */
export async function proposalOf(
  { storage, claim }: Pick<World, 'storage'> & { claim: Claimed },
  changes: Partial<Proposal> = {},
): Promise<Proposal> {
  const { pieceDigest, pieceSize } = await storage.getOrder(claim.orderId)
  return {
    pieceCid: `0x0181e203922020${pieceDigest.slice(2)}`,
    pieceSize,
    verified: false,
    client: f410(await storage.getAddress()),
    provider: f0(claim.sp.miner),
    label: toUtf8String(claim.label),
    startEpoch: (await now()) + 100n,
    endEpoch: claim.claimBy + MIN_DURATION,
    price: 0n,
    providerCollateral: 10n ** 18n,
    clientCollateral: 0n,
    ...changes,
  }
}

export function encodeProposal(p: Proposal): Uint8Array {
  return encode([
    CID.decode(getBytes(p.pieceCid)),
    p.pieceSize,
    p.verified,
    getBytes(p.client),
    getBytes(p.provider),
    typeof p.label === 'string' ? p.label : getBytes(p.label.bytes),
    p.startEpoch,
    p.endEpoch,
    bigInt(p.price),
    bigInt(p.providerCollateral),
    bigInt(p.clientCollateral),
  ])
}

/** [signature, message] */
export const authenticateParams = (proposal: Uint8Array, signature = '0x'): string =>
  hexlify(encode([getBytes(signature), proposal]))

/** [proposal, deal id] */
export const notifyParams = (proposal: Uint8Array, dealId: bigint): string => hexlify(encode([proposal, dealId]))

export interface NoticedPiece {
  cid: string
  size: bigint
  payload: string
}

/** [[sector, commitment epoch, [[piece CID, size, payload] …]] …] */
export function contentParams(sectors: { number: bigint; commitment: bigint; pieces: NoticedPiece[] }[]): string {
  const piece = ({ cid, size, payload }: NoticedPiece) => [CID.decode(getBytes(cid)), size, getBytes(payload)]
  return hexlify(encode(sectors.map(({ number, commitment, pieces }) => [number, commitment, pieces.map(piece)])))
}

/** A message to the contract from whoever the EVM knows as `from`. */
export async function tell(
  { storage }: Pick<World, 'storage'>,
  from: string,
  method: bigint,
  params: string,
): Promise<ContractTransactionResponse> {
  return (await as(storage, from)).handle_filecoin_method(method, CBOR, params)
}

/** What the contract would answer to that message. */
export async function ask(
  { storage }: Pick<World, 'storage'>,
  from: string,
  method: bigint,
  params: string,
): Promise<[bigint, bigint, string]> {
  const [exitCode, codec, data] = await (
    await as(storage, from)
  ).handle_filecoin_method.staticCall(method, CBOR, params)
  return [exitCode, codec, data]
}

export const MARKET_ADDRESS = maskedIdAddress(MARKET)

async function as(storage: World['storage'], from: string): Promise<World['storage']> {
  await networkHelpers.impersonateAccount(from)
  await setBalance(from, 10n ** 18n)
  return storage.connect(await ethers.getSigner(from))
}

function bigInt(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array()
  return value > 0n ? getBytes(concat(['0x00', toBeArray(value)])) : getBytes(concat(['0x01', toBeArray(-value)]))
}
