import { artifacts } from 'hardhat'
import { expect } from 'chai'
import { createMiners } from '../../../../scripts/local/actors.ts'
import { openSlots } from '../../../../scripts/simulate/model/openings.ts'
import { openOrder, SLOT_STATES, type Order, type Slot } from '../../../../scripts/simulate/model/order.ts'
import { Refused } from '../../../../scripts/simulate/model/refused.ts'
import { SINK as MODEL_SINK } from '../../../../scripts/simulate/model/settle.ts'
import { random, type Random } from '../../../../scripts/simulate/random.ts'
import { slotLabel } from '../../../../oracle/chain/slot-id.ts'
import { rpc } from '../../../helpers/actors.ts'
import { now, open, SINK, slotId, world, type Provider, type World } from '../world.ts'
import { pickOrder } from './pick.ts'
import { revertName } from '../../../helpers/revert-name.ts'

/** What stands behind an active slot. The sector may be shared: by a replica and the one that extends it. */
export interface Body {
  kind: 'Deal' | 'Sector'
  dealId: bigint
  dealEnd: number
  sector: { number: bigint; status: 'Active' | 'Faulty' | 'Dead' }
  /** The deal was settled after its end, and can be read no more. */
  settled: boolean
}

/** The same order in the contract and in the model, and what the miners keep for it. */
export interface Twin extends World {
  random: Random
  orderId: bigint
  order: Order
  bodies: Map<number, Body>
  nextSector: bigint
}

const STATUSES = ['None', 'Live', 'Suspended', 'Cancelled']
/** Enough for every call; with a limit given, a call that reverts takes its block too. */
export const GAS = { gasLimit: 5_000_000n }

/** Filecoin's actors, and a fifth storage provider whose owner is the first's. */
export async function actors(): Promise<World> {
  const w = await world()
  const sibling: Provider = { ...w.sps[0], miner: 1004n }
  const { owner, worker, miner } = sibling
  await createMiners(await rpc(), artifacts, [{ id: miner, owner: owner.address, worker: worker.address }])
  return { ...w, sps: [...w.sps, sibling] }
}

/** An order with random terms, in both. */
export async function twinOf(w: World, seed: number): Promise<Twin> {
  const chance = random(seed)
  const { asked, plain, deposit } = pickOrder(chance, Number(await now()))
  const { orderId } = await open(w, { ...asked, deposit })
  const order = openOrder({ ...plain, client: w.client.address, deposit })
  return { ...w, random: chance, orderId, order, bodies: new Map(), nextSector: 1n }
}

/** A number for the owner of a provider: the same for two of one owner. */
export const ownerOf = (w: World, provider: number): number =>
  -1 - w.sps.findIndex(({ owner }) => owner.address === spOf(w, provider).owner.address)

export const spOf = ({ sps }: Pick<World, 'sps'>, provider: number): Provider =>
  sps.find(({ miner }) => miner === BigInt(provider)) ?? sps[0]

/** The provider of the seat's slot; the first, where there is none. */
export const spAt = (twin: Twin, seat: number): Provider => spOf(twin, twin.order.slots[seat]?.provider ?? 0)

/** Who may act for it. */
export const workerAt = (twin: Twin, seat: number) => spAt(twin, seat).worker

export const slotOf = ({ orderId }: Twin, seat: number): bigint => slotId(orderId, seat)

export const nonceOf = ({ order }: Twin, seat: number): number => order.slots[seat]?.nonce ?? 0

export const labelAt = (twin: Twin, seat: number): string => slotLabel(slotOf(twin, seat), BigInt(nonceOf(twin, seat)))

/** Does the same to both, in the same epoch, and holds that both refuse it with the same error or neither does. Returns the error. */
export async function both(
  { storage }: Twin,
  model: (epoch: number) => unknown,
  chain: () => Promise<unknown>,
): Promise<string | undefined> {
  const expected = refusalOf(model, Number(await now()) + 1)
  const actual = await chain().then(
    () => undefined,
    (error: unknown) => revertName(storage.interface, error),
  )
  expect(actual, 'the error of the contract').to.equal(expected)
  return expected
}

function refusalOf(model: (epoch: number) => unknown, epoch: number): string | undefined {
  try {
    model(epoch)
    return undefined
  } catch (error) {
    if (error instanceof Refused) return error.error
    throw error
  }
}

/** Everybody to whom the contract may owe something. */
const accountsOf = ({ client, stranger, sps }: World): string[] => [
  ...new Set([client, stranger, ...sps.map(({ worker }) => worker)].map(({ address }) => address)),
]

/** Holds that money, slots and openings are equal. */
export async function expectEqual(twin: Twin): Promise<void> {
  expect(await onChain(twin)).to.deep.equal(inModel(twin, Number(await now())))
}

function inModel(twin: Twin, epoch: number) {
  const { order, sps } = twin
  const { status, version, replicas, price, ceiling, endEpoch, free, reserved, ledger } = order
  return {
    order: { status, version, replicas, price, ceiling, endEpoch, free, reserved },
    slots: order.slots.flatMap((slot) => (slot ? [{ ...slot, owner: 0 }] : [])),
    open: openSlots(order, epoch),
    credits: [...accountsOf(twin), MODEL_SINK].map((account) => ledger.credits.get(account) ?? 0n),
    earned: sps.map(({ miner }) => ledger.earned.get(Number(miner)) ?? 0n),
    barred: sps.map(({ miner }) => order.barred.get(Number(miner)) ?? 0),
  }
}

async function onChain(twin: Twin): Promise<ReturnType<typeof inModel>> {
  const { storage, orderId, sps } = twin
  const [order, slots, { slots: shown }, credits, earned, barred] = await Promise.all([
    storage.getOrder(orderId),
    storage.slotsOf(orderId),
    storage.openSlotsOf(orderId),
    Promise.all([...accountsOf(twin), SINK].map((account) => storage.creditOf(account))),
    Promise.all(sps.map(({ miner }) => storage.earnedOf(miner))),
    Promise.all(sps.map(({ miner }) => storage.barredUntil(orderId, miner))),
  ])
  const { price, ceiling, free, reserved } = order
  return {
    order: {
      status: STATUSES[Number(order.status)] as Order['status'],
      version: Number(order.version),
      replicas: Number(order.replicas),
      endEpoch: Number(order.endEpoch),
      ...{ price, ceiling, free, reserved },
    },
    slots: slots.map(asModelled),
    open: shown.map((one) => ({
      seat: Number(one.slot % 256n),
      nonce: Number(one.nonce),
      price: one.price,
      claimBy: Number(one.claimBy),
      incumbent: Number(one.incumbent),
      incumbentOnlyUntil: Number(one.incumbentOnlyUntil),
    })),
    credits,
    earned,
    barred: barred.map(Number),
  }
}

type SlotView = Awaited<ReturnType<World['storage']['slotsOf']>>[number]

/** A slot as the model has it. The owner is an actor id here; the end of a slot that was never active is its bound sector's. */
function asModelled(slot: SlotView): Slot {
  const { poster, price, collateral, paid } = slot
  const start = Number(slot.start)
  return {
    seat: Number(slot.slot % 256n),
    nonce: Number(slot.nonce),
    state: SLOT_STATES[Number(slot.state)],
    provider: Number(slot.provider),
    owner: 0,
    ...{ poster, price, collateral, paid },
    maxTerm: Number(slot.maxTermEpochs),
    orderEnd: Number(slot.orderEnd),
    claimedAt: Number(slot.claimedEpoch),
    claimBy: Number(slot.claimBy),
    start,
    end: start === 0 ? 0 : Number(slot.end),
    provenTo: Number(slot.provenTo),
    faultSince: Number(slot.faultSince),
  }
}
