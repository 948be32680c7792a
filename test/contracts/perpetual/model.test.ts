import { expect } from 'chai'
import { describe, it } from 'mocha'
import { loadFixture, now } from './world.ts'
import { pickAction } from './model/action.ts'
import { ACTIONS } from './model/actions.ts'
import { actors, expectEqual, twinOf } from './model/twin.ts'

const SEEDS = Number(process.env.MODEL_SEEDS ?? 6)
const STEPS = Number(process.env.MODEL_STEPS ?? 120)

describe("the simulation's model of PerpetualStorage", function () {
  this.timeout(300_000)
  const accepted = new Map<string, number>()

  for (let seed = 1; seed <= SEEDS; seed++) {
    it(`is equal to the contract after each of ${STEPS} random steps, seed ${seed}`, async () => {
      const twin = await twinOf(await loadFixture(actors), seed)
      const cancelAt = seed % 3 === 0 ? Math.floor(STEPS * 0.8) : undefined
      const taken: string[] = []
      try {
        for (let step = 0; step < STEPS; step++) {
          const epoch = Number(await now())
          const name = step === cancelAt ? 'cancel' : pickAction(ACTIONS, twin, epoch)
          taken.push(name)
          const refused = await ACTIONS[name].run(twin, epoch)
          if (refused === undefined) accepted.set(name, (accepted.get(name) ?? 0) + 1)
          else taken[step] += `: ${refused}`
          await expectEqual(twin)
        }
      } catch (error) {
        const failure = error as Error
        failure.message = `step ${taken.length}: ${failure.message}\n${taken.join(', ')}`
        throw failure
      }
    })
  }

  it('was held against it in every kind of step', () => {
    const never = Object.keys(ACTIONS).filter((name) => !accepted.has(name))

    if (process.env.MODEL_COUNTS) console.log(Object.fromEntries(accepted))
    expect(never).to.deep.equal([])
  })
})
