import { expect } from 'chai'
import { ACTOR_ADDRESSES } from '../../../scripts/local/actors.ts'
import { CODE_THAT_FAILS } from '../../helpers/evm-code.ts'
import { frc42 } from '../../helpers/frc42.ts'
import { aggregateOf, namedPiece } from '../../helpers/podsi.ts'
import { EXIT_CODES, expectUnchanged, NO_ANSWERS, removeActor, script, scripted } from './answers.ts'
import {
  activeBySector,
  deal,
  minerOf,
  proveAggregatedDeal,
  proveDeal,
  proveExtension,
  proveSector,
  sector,
} from './replicas.ts'
import {
  claim,
  claimed,
  claimedWith,
  DAY,
  LIVENESS,
  loadFixture,
  MARKET,
  MINERS,
  mineUpTo,
  networkHelpers,
  otherSlot,
  PIECE,
  type Claimed,
  type World,
} from './world.ts'

const MINER = MINERS[0]

/** A slot that could be proven if its actors answered, and how. */
type Ready = World & { claim: Claimed; prove: () => ReturnType<typeof proveDeal>; dealId?: bigint; number: bigint }

async function byDeal(): Promise<Ready> {
  const w = await claimed()
  const d = await deal(w)
  return { ...w, dealId: d.dealId, number: d.sector, prove: () => proveDeal(w, d, w.stranger) }
}

/** A deal which does not name the slot: that its provider shows it is for the miner actor to say. */
async function byOwnDeal(): Promise<Ready> {
  const w = await claimed()
  const d = await deal(w, { label: '0x' })
  return { ...w, dealId: d.dealId, number: d.sector, prove: () => proveDeal(w, d) }
}

async function byDealAlone(): Promise<Ready> {
  const w = await claimedWith({ terms: { liveness: LIVENESS.Deal } })
  const d = await deal(w)
  return { ...w, dealId: d.dealId, number: d.sector, prove: () => proveDeal(w, d, w.stranger) }
}

async function byAggregate(): Promise<Ready> {
  const w = await claimed()
  const { aggregate, segments } = aggregateOf([PIECE], [namedPiece('beside')])
  const d = await deal(w, { piece: aggregate })
  return {
    ...w,
    dealId: d.dealId,
    number: d.sector,
    prove: () => proveAggregatedDeal(w, d, segments[0], w.stranger),
  }
}

async function bySector(): Promise<Ready> {
  const w = await claimed()
  const s = await sector(w)
  return { ...w, number: s.number, prove: () => proveSector(w, s) }
}

async function byExtension(): Promise<Ready> {
  const w = await activeBySector()
  const { end } = await w.storage.getSlot(w.claim.slot)
  await mineUpTo(end - 30n * DAY)
  const successor = { ...w, claim: await claim(w, w.claim, { slot: otherSlot(w.claim.slot) }) }
  await (await minerOf(w)).commitSector(w.sector.number, end + 400n * DAY)
  return { ...successor, number: w.sector.number, prove: () => proveExtension(successor, w.sector.location) }
}

const WAYS = [byDeal, byOwnDeal, byDealAlone, byAggregate, bySector, byExtension]
const NAMES = new Map([
  [byDeal, 'by a labelled deal'],
  [byOwnDeal, 'by a deal that does not name the slot'],
  [byDealAlone, 'by a deal, where deals alone are watched'],
  [byAggregate, 'by an aggregated deal'],
  [bySector, 'by a sector'],
  [byExtension, 'by an extended sector'],
])

/** A method that is asked on the way, and what its exit codes lead to. */
interface Asked {
  method: string
  actor: 'market' | 'miner'
  ways: (typeof WAYS)[number][]
  /** Of a code; {ActorUnclear} with the code where nothing is said. */
  errorOf?: (exitCode: number, w: Ready) => readonly [string, readonly unknown[]] | undefined
}

/** Exits 17 and 32 of the market say something of a deal. */
const ofDeal: Asked['errorOf'] = (exitCode, { dealId }) => {
  if (exitCode === 17) return ['DealUnknown', [dealId]]
  return exitCode === 32 ? ['DealRemoved', [dealId]] : undefined
}
const notActive: Asked['errorOf'] = (_, { number }) => ['SectorNotActive', [MINER, number]]

const BY_DEALS = [byDeal, byOwnDeal, byDealAlone, byAggregate]
const ASKED: Asked[] = [
  { method: 'GetDealDataCommitment', actor: 'market', ways: BY_DEALS, errorOf: ofDeal },
  { method: 'GetDealProvider', actor: 'market', ways: BY_DEALS, errorOf: ofDeal },
  { method: 'GetDealActivation', actor: 'market', ways: BY_DEALS, errorOf: ofDeal },
  { method: 'GetDealTerm', actor: 'market', ways: BY_DEALS, errorOf: ofDeal },
  { method: 'GetDealLabel', actor: 'market', ways: BY_DEALS },
  { method: 'GetDealSector', actor: 'market', ways: BY_DEALS },
  { method: 'IsControllingAddress', actor: 'miner', ways: [byOwnDeal, byExtension] },
  { method: 'GetNominalSectorExpiration', actor: 'miner', ways: [byExtension] },
  {
    method: 'ValidateSectorStatus',
    actor: 'miner',
    ways: [byDeal, byOwnDeal, byAggregate, bySector, byExtension],
    errorOf: notActive,
  },
]

/** All that a proof could move. */
const state = (w: Ready) => async () => [
  await w.storage.getSlot(w.claim.slot),
  await w.storage.getOrder(w.claim.orderId),
  await w.storage.liabilities(),
]

const codeOf = { market: 'LocalMarket', miner: 'LocalMiner' } as const
const idOf = { market: MARKET, miner: MINER } as const

describe('PerpetualStorage', () => {
  describe('a proof whose actors do not answer as they should', () => {
    for (const { method, actor, ways, errorOf } of ASKED) {
      for (const way of ways) {
        context(`${method} asked for a slot that is proven ${NAMES.get(way)!}`, () => {
          async function ready() {
            const w = await way()
            return { w, scriptable: await scripted(idOf[actor], codeOf[actor]) }
          }

          it('changes nothing for exit codes other than 0', async () => {
            const { w, scriptable } = await loadFixture(ready)
            for (const exitCode of [...EXIT_CODES, 17, 32]) {
              await script(scriptable, method, { what: '', exitCode, codec: 0n })
              const [error, args] = errorOf?.(exitCode, w) ?? ['ActorUnclear', [BigInt(exitCode)]]
              await expectUnchanged(w.storage, state(w), w.prove, error, args)
            }
          })

          it('changes nothing for what is no answer', async () => {
            const { w, scriptable } = await loadFixture(ready)
            for (const answer of NO_ANSWERS) {
              await script(scriptable, method, answer)
              await expectUnchanged(w.storage, state(w), w.prove, answer.error)
            }
          })

          it('goes through once the answer is the actor’s again', async () => {
            const { w, scriptable } = await loadFixture(ready)
            await script(scriptable, method, { what: '', exitCode: 22, codec: 0n })
            await scriptable.unscript(frc42(method))
            await expect(w.prove()).to.emit(w.storage, 'SlotProven')
          })
        })
      }
    }

    for (const way of WAYS) {
      context(`while a slot is to be proven ${NAMES.get(way)!}`, () => {
        it('changes nothing when call_actor_id fails', async () => {
          const w = await loadFixture(way)
          await networkHelpers.setCode(ACTOR_ADDRESSES.callActorId, CODE_THAT_FAILS)
          await expectUnchanged(w.storage, state(w), w.prove, 'PrecompileFailed')
        })

        it('changes nothing when there is no such precompile', async () => {
          const w = await loadFixture(way)
          await networkHelpers.setCode(ACTOR_ADDRESSES.callActorId, '0x')
          await expectUnchanged(w.storage, state(w), w.prove, 'BadActorReturn')
        })

        if (BY_DEALS.includes(way)) {
          it('reverts with ActorUnclear(−6) when there is no market actor', async () => {
            const w = await loadFixture(way)
            await removeActor(MARKET)
            await expectUnchanged(w.storage, state(w), w.prove, 'ActorUnclear', [-6n])
          })
        } else {
          it('changes nothing when the miner actor is gone', async () => {
            const w = await loadFixture(way)
            await removeActor(MINER)
            await expectUnchanged(w.storage, state(w), w.prove, way === bySector ? 'SectorNotActive' : 'ActorUnclear')
          })
        }
      })
    }

    context('when the miner denies what is said', () => {
      for (const way of [byDeal, byAggregate, bySector, byExtension]) {
        it(`reverts with SectorNotActive: ${NAMES.get(way)!}`, async () => {
          const w = await loadFixture(way)
          const miner = await scripted(MINER, 'LocalMiner')
          await script(miner, 'ValidateSectorStatus', { what: 'no', data: '0xf4' })
          await expectUnchanged(w.storage, state(w), w.prove, 'SectorNotActive', [MINER, w.number])
        })
      }
    })

    context('when the market’s numbers are none that a deal has', () => {
      for (const [what, method, data, error] of [
        ['a negative start', 'GetDealTerm', '0x82201a0007e900', 'BadDealTerm'],
        ['a negative duration', 'GetDealTerm', '0x821a000f4d8020', 'BadDealTerm'],
        ['activation at −1', 'GetDealActivation', '0x822020', 'DealNotActive'],
        ['activation at 0', 'GetDealActivation', '0x820020', 'DealNotActive'],
        ['a termination', 'GetDealActivation', '0x82186418c8', 'DealRemoved'],
        ['a sector below zero', 'GetDealSector', '0x20', 'CborWrongType'],
        ['a provider below zero', 'GetDealProvider', '0x20', 'CborWrongType'],
        ['a piece that is none', 'GetDealDataCommitment', '0x82d82a4500015512001900ff', 'NotAPieceCid'],
      ] as const) {
        it(`reverts with ${error} for ${what}`, async () => {
          const w = await loadFixture(byDeal)
          const market = await scripted(MARKET, 'LocalMarket')
          await script(market, method, { what, data })
          await expectUnchanged(w.storage, state(w), w.prove, error)
        })
      }
    })
  })
})
