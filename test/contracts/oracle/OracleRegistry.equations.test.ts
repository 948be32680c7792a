import { expect } from 'chai'
import { CHALLENGEABLE, expectBooks, SLASH, STAKE, type Asked } from './challenges.ts'
import { BURN_ACTOR, challenge, fallSilent, loadFixture, mature, rule, RULING } from './world.ts'

/** What rests where, as equations that hold whatever the ruling. */
describe('OracleRegistry', () => {
  const rulings = ['Upheld', 'Rejected', 'Silent'] as const
  const close = (fixture: Asked, ruling: (typeof rulings)[number]) =>
    ruling === 'Silent' ? fallSilent(fixture, fixture.id) : rule(fixture, fixture.id, 0, RULING[ruling])

  /** Everything that was ever credited for the request, by account. */
  async function credited({ registry, id }: Asked) {
    const events = await registry.queryFilter(registry.filters.Credited(undefined, id))
    const sums = new Map<string, bigint>()
    for (const { args } of events) sums.set(args.account, (sums.get(args.account) ?? 0n) + args.amount)
    return sums
  }
  const total = (sums: Map<string, bigint>) => [...sums.values()].reduce((sum, amount) => sum + amount, 0n)

  for (const { name, reach } of CHALLENGEABLE) {
    for (const ruling of rulings) {
      for (const extra of [0n, 1n, 777_777n]) {
        context(
          `when the request is ${name}, the bond ${extra} above the least, and the challenge ends as ${ruling}`,
          () => {
            it('bond = challenger + operators + sink; slash = challenger + sink; fees = paid + refunded', async () => {
              const fixture = await loadFixture(reach)
              const { registry, client, stranger, owners, id } = fixture
              const bond = (await registry.bondFor(id, 0)) + extra
              await challenge(fixture, id, 0, stranger, { bond })
              await close(fixture, ruling)

              const [closed] = await registry.queryFilter(registry.filters.ChallengeClosed(id))
              const { toChallenger, toOperators } = closed.args
              const slashes = await registry.queryFilter(registry.filters.Slashed(undefined, id))
              let slashed = 0n
              let toSlasher = 0n
              for (const { args } of slashes) {
                slashed += args.amount
                toSlasher += args.toChallenger
              }
              expect(slashed).to.equal(ruling === 'Upheld' ? 2n * SLASH : 0n)
              expect(2n * toSlasher <= slashed).to.equal(true)
              let stakes = 0n
              for (let operatorId = 1; operatorId <= owners.length; operatorId++) {
                stakes += (await registry.getOperator(operatorId)).stake
              }
              expect(stakes + slashed).to.equal(3n * STAKE)

              let sums = await credited(fixture)
              const toSink = sums.get(BURN_ACTOR) ?? 0n
              const bondToSink = bond - toChallenger - toOperators
              expect(sums.get(stranger.address) ?? 0n).to.equal(toChallenger + toSlasher)
              expect(toSink).to.equal(bondToSink + slashed - toSlasher)
              await expectBooks(fixture)

              if (ruling === 'Rejected') {
                await mature(fixture, id, 0)
                await registry.sync(id)
                sums = await credited(fixture)
                await expectBooks(fixture)
              }
              const [asked] = await registry.queryFilter(registry.filters.Requested(id))
              const { escrow, refunded } = await registry.getRequest(id)
              expect(sums.get(client.target as string) ?? 0n).to.equal(refunded)
              expect(total(sums) + escrow).to.equal(asked.args.fee + bond + slashed)
            })
          },
        )
      }
    }
  }
})
