import { parseEther } from 'ethers'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { dayOf, tell, type Scene } from '../../../../scripts/local/perpetual/tell.ts'

const OPENED = 100n
const scene: Scene = { opened: OPENED, nameOf: (account) => (account === '0xC11e47' ? 'the client' : account) }
const day = (number: number) => OPENED + BigInt(number * 2_880)

const told = (name: string, args: Record<string, unknown>) => tell({ name, args, epoch: 1n, transaction: '0x' }, scene)
const SLOT = { slot: 257n, nonce: 2n, provider: 1001n }
const NOTHING = { returned: 0n, toPoster: 0n, toOrder: 0n, toCaller: 0n, toSink: 0n }

describe('tell', () => {
  for (const [name, args, stage, words] of [
    [
      'OrderOpened',
      { orderId: 1n, order: { replicas: 2n, pieceSize: 1_048_576n }, deposit: parseEther('5') },
      'ordered',
      '#1: 2 replicas of a piece of 1,048,576 B, 5.000000 FIL paid in',
    ],
    [
      'SlotClaimed',
      { ...SLOT, collateral: parseEther('0.1'), claimBy: day(7), price: 1_929_012_345_679n },
      'claimed',
      'slot 257/2 by t01001: 0.100000 FIL of collateral, to be proven by day 7.0, pays 1929.012345679 nanoFIL an epoch',
    ],
    [
      'SlotBound',
      { ...SLOT, kind: 1n, dealId: 9n, sector: 0n },
      'bound',
      'slot 257/2 to deal 9 of t01001: the market actor told the contract',
    ],
    [
      'SlotBound',
      { ...SLOT, kind: 2n, dealId: 0n, sector: 4n },
      'bound',
      'slot 257/2 to sector 4 of t01001: its miner actor told the contract',
    ],
    [
      'SlotProven',
      { ...SLOT, kind: 1n, dealId: 9n, sector: 4n, start: day(1), end: day(181) },
      'proven',
      'slot 257/2: deal 9 of t01001 is active; paid from day 1.0 to day 181.0',
    ],
    [
      'SlotPaid',
      { ...SLOT, amount: parseEther('0.25'), provenTo: day(30.5) },
      'paid',
      'slot 257/2: t01001 earned 0.250000 FIL for what is proven up to day 30.5',
    ],
    [
      'SlotCut',
      { ...SLOT, amount: 1n, provenTo: day(3) },
      'cut',
      'slot 257/2: 0.000000 FIL back to the order for time not proven, up to day 3.0',
    ],
    ['SlotFaulty', SLOT, 'faulty', 'slot 257/2: the sector of t01001 is shown faulty'],
    ['SlotRecovered', SLOT, 'recovered', 'slot 257/2: the sector of t01001 is active again'],
    [
      'SlotClosed',
      { ...SLOT, ...NOTHING, state: 5n, returned: parseEther('1'), toOrder: 9n * 10n ** 17n, toCaller: 10n ** 17n },
      'lost',
      'slot 257/2 of t01001: 1.000000 FIL back to the order unearned, 0.900000 FIL of collateral to the order, ' +
        '0.100000 FIL of collateral to whoever showed it',
    ],
    [
      'SlotClosed',
      { ...SLOT, ...NOTHING, state: 4n, toSink: parseEther('1') },
      'lapsed',
      'slot 257/2 of t01001: 1.000000 FIL of collateral burned',
    ],
    [
      'SlotClosed',
      { ...SLOT, ...NOTHING, state: 7n, toPoster: parseEther('1') },
      'ended',
      'slot 257/2 of t01001: 1.000000 FIL of collateral returned',
    ],
    [
      'Barred',
      { orderId: 1n, provider: 1001n, owner: 7n, untilEpoch: day(37) },
      'barred',
      't01001 and its owner cannot claim in this order until day 37.0',
    ],
    [
      'OrderCancelled',
      { orderId: 1n, amount: parseEther('2') },
      'cancelled',
      "#1 by the client: 2.000000 FIL that no slot can earn are the client's at once",
    ],
    ['Withdrawn', { account: '0xC11e47', amount: parseEther('2') }, 'withdrawn', '2.000000 FIL by the client'],
    [
      'ProviderWithdrawn',
      { provider: 1001n, owner: '0x0e', amount: parseEther('2') },
      'withdrawn',
      '2.000000 FIL that t01001 earned, by 0x0e',
    ],
  ] as const) {
    it(`tells ${name} as '${stage}': ${words.slice(0, 60)}`, () => {
      expect(told(name, args)).to.deep.equal([stage, words])
    })
  }

  it('leaves out what another line tells', () => {
    expect(told('Credited', { account: '0x01', orderId: 1n, amount: 1n })).to.equal(undefined)
  })
})

describe('dayOf', () => {
  it("counts from the order's opening", () => {
    expect(dayOf(OPENED, scene)).to.equal('day 0.0')
    expect(dayOf(OPENED + 4_320n, scene)).to.equal('day 1.5')
  })
})
