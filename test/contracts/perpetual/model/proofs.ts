import { hexlify, toUtf8Bytes } from 'ethers'
import { prove } from '../../../../scripts/simulate/model/claims.ts'
import { isLive, otherSeat } from '../../../../scripts/simulate/model/openings.ts'
import type { Slot } from '../../../../scripts/simulate/model/order.ts'
import { DAY, MIN_TERM } from '../../../../scripts/simulate/model/rules.ts'
import { localMiner, proposal, publishedIds } from '../../../helpers/actors.ts'
import { onChain } from '../../../helpers/podsi.ts'
import { locationOf, pieceOf } from '../replicas.ts'
import { now, PIECE } from '../world.ts'
import { onSeat, type Action } from './action.ts'
import { oneOf } from './pick.ts'
import { both, GAS, labelAt, slotOf, spAt, type Body, type Twin } from './twin.ts'

async function byDeal(twin: Twin, seat: number): Promise<string | undefined> {
  const { random, order, market, storage } = twin
  const sp = spAt(twin, seat)
  const startEpoch = Number(await now()) + oneOf(random, [3, 100, 2 * DAY, order.terms.claim + DAY])
  const dealEnd = startEpoch + MIN_TERM + oneOf(random, [0, random.below(300 * DAY)])
  const { digest, size } = onChain(PIECE)
  const label = hexlify(toUtf8Bytes(labelAt(twin, seat)))
  const given = await proposal({
    ...{ client: sp.owner.address, startEpoch: BigInt(startEpoch), endEpoch: BigInt(dealEnd), label },
    ...{ pieceDigest: digest, pieceSize: size, providerId: sp.miner },
  })
  const published = await (await market.connect(sp.owner).publish([given])).wait()
  const [dealId] = publishedIds(market, published!)
  const sector = twin.nextSector++
  await market.activate(dealId, sector)
  return proving(
    twin,
    seat,
    { start: startEpoch, end: dealEnd },
    { kind: 'Deal', dealId, dealEnd, ...newSector(sector) },
    () => storage.connect(sp.worker).proveDeal(slotOf(twin, seat), dealId, locationOf(sector), GAS),
  )
}

async function bySector(twin: Twin, seat: number): Promise<string | undefined> {
  const { random, order, storage, stranger } = twin
  const sp = spAt(twin, seat)
  if (order.slots[seat]?.state !== 'Claimed') return 'none is claimed'
  const end = Number(await now()) + MIN_TERM + random.below(300 * DAY)
  const sector = twin.nextSector++
  const label = hexlify(toUtf8Bytes(labelAt(twin, seat)))
  await (await localMiner(sp.miner)).commitPieces(sector, end, [pieceOf(PIECE, label)], storage)
  if ((await storage.getSlot(slotOf(twin, seat))).sector !== sector) return 'the notification came too late'
  return proving(twin, seat, { start: 0, end }, { kind: 'Sector', dealId: 0n, dealEnd: 0, ...newSector(sector) }, () =>
    storage.connect(stranger).proveSector(slotOf(twin, seat), locationOf(sector), GAS),
  )
}

async function byExtension(twin: Twin, seat: number): Promise<string | undefined> {
  const { random, order, storage } = twin
  const sp = spAt(twin, seat)
  const old = order.slots[otherSeat(seat)]
  const body = twin.bodies.get(otherSeat(seat))
  const isOwn = order.slots[seat]?.state === 'Claimed' && old?.provider === Number(sp.miner)
  if (!isOwn || !body || body.sector.status !== 'Active' || !isLive(old, Number(await now()) + 2))
    return 'nothing to extend'
  const end = old.end + MIN_TERM + random.below(300 * DAY)
  const miner = await localMiner(sp.miner)
  await miner.commitSector(body.sector.number, end)
  const shared: Body = { kind: 'Sector', dealId: 0n, dealEnd: 0, sector: body.sector, settled: false }
  return proving(twin, seat, { start: 0, end }, shared, () =>
    storage.connect(sp.worker).proveExtension(slotOf(twin, seat), locationOf(body.sector.number), GAS),
  )
}

const newSector = (number: bigint): Pick<Body, 'sector' | 'settled'> => ({
  sector: { number, status: 'Active' },
  settled: false,
})

async function proving(
  twin: Twin,
  seat: number,
  replica: { start: number; end: number },
  body: Body,
  chain: () => Promise<unknown>,
): Promise<string | undefined> {
  const error = await both(twin, (at) => prove(twin.order, seat, replica, at), chain)
  if (error === undefined) twin.bodies.set(seat, body)
  return error
}

const isProvable = ({ state, claimBy }: Slot, _: Twin, epoch: number): boolean =>
  state === 'Claimed' && epoch + 3 < claimBy

const isExtendable = (slot: Slot, twin: Twin, epoch: number): boolean => {
  const old = twin.order.slots[otherSeat(slot.seat)]
  return isProvable(slot, twin, epoch) && old?.state === 'Active' && old.provider === slot.provider
}

export const PROOFS: Record<string, Action> = {
  'prove by a deal': onSeat(8, isProvable, byDeal),
  'prove by a sector': onSeat(6, isProvable, bySector),
  'prove by an extension': onSeat(25, isExtendable, byExtension),
}
