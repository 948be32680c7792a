import type { Result } from 'ethers'
import { booksOf, read, SLASH, type Cast } from './cast.ts'
import { both, credited, goes, type At, type Cell, type Effect, type Seen } from './product.ts'
import { ANSWER_STANDING as STANDING, DELIVERY, RULING, STATE } from './world.ts'

/** Cannot be shared by two. */
export const BOND = 5_000_001n
export const MIN_BOND = 500_000n
const HALF = 500_000n
const RULING_EPOCHS = 50n
export const UNKNOWN = 9n
/** Fees of the two stages of a request, and of its failure. */
export const FIRST_FEE = 1_440_000n
export const SECOND_FEE = 2_882_880n
const FAILURE_FEE = 180_000n

/** The request with its answers and its last challenge, the operators' stakes, and everybody's credit. */
export async function look(given: Cast, at: At): Promise<Seen> {
  const { id } = given
  const books = booksOf(given)
  const seen = await read(given, at, {
    ...books,
    ...{ one: ['getOperator', [1n]], two: ['getOperator', [2n]], request: ['getRequest', [id]] },
    ...{ challenge: ['getChallenge', [id]], first: ['getAnswer', [id, 0]], second: ['getAnswer', [id, 1]] },
  })
  const view = (name: string) => (seen[name] as Result | undefined)?.toObject() ?? {}
  const { escrow = 0n, refunded = 0n, ...request } = view('request') as Record<string, bigint>
  const money = Object.fromEntries(Object.keys(books).map((name) => [name, seen[name] as bigint]))
  const facts: Record<string, unknown> = request
  for (const [name, value] of Object.entries(view('challenge'))) facts[`${name} of the challenge`] = value
  for (const [stage, name] of ['first', 'second'].entries()) {
    const { standing, matureEpoch, delivery } = view(name) as Record<string, bigint>
    Object.assign(facts, {
      [`standing of ${stage}`]: standing,
      [`mature epoch of ${stage}`]: matureEpoch,
      [`delivery of ${stage}`]: delivery,
    })
  }
  for (const [index, name] of ['one', 'two'].entries()) {
    const { stake, locked } = view(name) as Record<string, bigint>
    Object.assign(money, { [`stake of ${index + 1}`]: stake, [`locked of ${index + 1}`]: locked })
  }
  return { money: { ...money, escrow, refunded }, facts }
}

/** What a request is like in which both operators agreed on all answers, none of them settled unless it says so.
 * @param fees Unsettled, of each answer from the first on, attoFIL.
 * @param escrow For the stages that are awaited.
 * @param ends Whether it is Refuted or Undecided when an answer is undone: it was not over before.
 * @param voting Whether operator 1 voted on the stage that is awaited.
 * @param told Whether the first answer was delivered. */
export interface Matter {
  fees: bigint[]
  escrow: bigint
  ends: boolean
  voting: boolean
  told: boolean
}
export const OPEN: Matter = { fees: [FIRST_FEE], escrow: SECOND_FEE, ends: true, voting: true, told: false }
export const ANSWERED: Matter = { ...OPEN, fees: [FIRST_FEE, SECOND_FEE], escrow: 0n, voting: false }
export const FAILED: Matter = { ...ANSWERED, fees: [FAILURE_FEE] }
/** The second stage was in progress: its fee is paid with the first one's. */
export const CANCELLED: Matter = { ...ANSWERED, fees: [FIRST_FEE + SECOND_FEE], ends: false }
export const EXPIRED: Matter = { ...ANSWERED, fees: [FIRST_FEE], ends: false }

export const sum = (amounts: bigint[]) => amounts.reduce((total, amount) => total + amount, 0n)

// ---- what becomes of calls

export const opens = ({ fees }: Matter, stage: number) =>
  goes('opens a challenge', ({ cast: { id }, by, epoch }) => ({
    events: [['Challenged', id, stage, by, BOND, epoch + RULING_EPOCHS, '0x5eed']],
    pays: BOND,
    facts: {
      ...{ challenged: true, 'challenger of the challenge': by, 'stage of the challenge': BigInt(stage) },
      ...{ 'open of the challenge': true, 'ruling of the challenge': RULING.None, 'bond of the challenge': BOND },
      ...{ 'openedEpoch of the challenge': epoch, 'deadlineEpoch of the challenge': epoch + RULING_EPOCHS },
      ...challenged(fees),
    },
  }))
/** All answers that are not final wait for a challenge, of whichever stage. */
const challenged = (fees: bigint[]) =>
  Object.fromEntries(
    fees.map((fee, stage) => [`standing of ${stage}`, fee === 0n ? STANDING.Final : STANDING.Challenged]),
  )

/** The challenge is closed; what was not mature when it was opened can be challenged for as many epochs more as it was open. */
function closes(
  { cast: { id }, epoch, before }: Cell,
  ruling: bigint,
  { toChallenger = 0n, toOperators = 0n },
): Effect {
  const stage = before.facts['stage of the challenge']
  const openedEpoch = before.facts['openedEpoch of the challenge'] as bigint
  const facts: Record<string, unknown> = {
    ...{ challenged: false, 'open of the challenge': false, 'ruling of the challenge': ruling },
  }
  for (const answer of [0, 1]) {
    const matureEpoch = before.facts[`mature epoch of ${answer}`] as bigint
    if (matureEpoch >= openedEpoch) facts[`mature epoch of ${answer}`] = matureEpoch + epoch - openedEpoch
    if (before.facts[`standing of ${answer}`] === STANDING.Challenged)
      facts[`standing of ${answer}`] = STANDING.Challengeable
  }
  return { events: [['ChallengeClosed', id, stage, ruling, toChallenger, toOperators]], facts }
}

/** The answer to `stage` and all after it are undone. */
function undoes(cell: Cell, { fees, escrow, ends, voting, told }: Matter, stage: number, ruling: bigint): Effect {
  const { id } = cell.cast
  const undone = fees.slice(stage)
  const refunded = sum(undone) + escrow
  const freed = SLASH * BigInt(undone.length)
  const facts: Record<string, unknown> = { stage: BigInt(stage) }
  if (ends) facts.state = ruling === RULING.Upheld ? STATE.Refuted : STATE.Undecided
  undone.forEach((_, index) => {
    facts[`standing of ${stage + index}`] = STANDING.Undone
    facts[`delivery of ${stage + index}`] = told ? DELIVERY.Done : DELIVERY.None
  })
  return both(credited(cell, 'requester', id, refunded), {
    events: [
      ['AnswerUndone', id, stage, ruling, refunded],
      ...(told ? [['CancellationDelivered', id, stage, true] as [string, bigint, number, boolean]] : []),
    ],
    money: {
      ...{ escrow: -escrow, refunded },
      ...{ 'locked of 1': -freed - (voting ? SLASH : 0n), 'locked of 2': -freed },
    },
    facts,
  })
}

/** Both operators had agreed on what is false. */
const slashes = (cell: Cell, stage: number, beneficiary: Cell['role']): Effect =>
  both(
    ...[1n, 2n].flatMap((operatorId) => [
      credited(cell, beneficiary, cell.cast.id, HALF),
      credited(cell, 'sink', cell.cast.id, SLASH - HALF),
      {
        events: [['Slashed', operatorId, cell.cast.id, stage, SLASH, HALF]] as Effect['events'],
        money: { [`stake of ${operatorId}`]: -SLASH },
      },
    ]),
  )
export const upholds = (matter: Matter, stage = 0) =>
  goes('undoes the answer and slashes who gave it, for the challenger', (cell) =>
    both(
      credited(cell, 'challenger', cell.cast.id, BOND),
      closes(cell, RULING.Upheld, { toChallenger: BOND }),
      slashes(cell, stage, 'challenger'),
      undoes(cell, matter, stage, RULING.Upheld),
    ),
  )
export const rejects = goes('gives the bond to who agreed, and lets the answer stand', (cell) => {
  const { epoch, before } = cell
  const held = epoch - (before.facts['openedEpoch of the challenge'] as bigint)
  const deadline = before.facts.deadlineEpoch as bigint
  return both(
    credited(cell, 'operator', cell.cast.id, BOND / 2n),
    credited(cell, 'other operator', cell.cast.id, BOND / 2n),
    credited(cell, 'sink', cell.cast.id, 1n),
    closes(cell, RULING.Rejected, { toOperators: BOND - 1n }),
    { events: [], facts: { deadlineEpoch: before.facts.state === STATE.Open ? deadline + held : deadline } },
  )
})
export const staysSilent = (matter: Matter, stage = 0) =>
  goes('undoes the answer, pays the operators from the bond and slashes nobody', (cell) => {
    const paid = sum(matter.fees.slice(stage))
    return both(
      ...matter.fees
        .slice(stage)
        .flatMap((fee) => [
          credited(cell, 'operator', cell.cast.id, fee / 2n),
          credited(cell, 'other operator', cell.cast.id, fee / 2n),
        ]),
      credited(cell, 'challenger', cell.cast.id, BOND - paid),
      closes(cell, RULING.Silent, { toChallenger: BOND - paid, toOperators: paid }),
      undoes(cell, matter, stage, RULING.Silent),
    )
  })
/** …and closes the challenge that is open, if one is. */
export const refutes = (matter: Matter, stage: number, open = false) =>
  goes(`undoes the answer${open ? ', closes the challenge' : ''} and slashes who gave it, for itself`, (cell) => {
    const bondBack = () => [
      credited(cell, 'challenger', cell.cast.id, BOND),
      closes(cell, RULING.Upheld, { toChallenger: BOND }),
    ]
    return both(
      { events: [['Refuted', cell.cast.id, stage, cell.by]] },
      ...(open ? bondBack() : []),
      slashes(cell, stage, cell.role),
      undoes(cell, matter, stage, RULING.Upheld),
    )
  })
