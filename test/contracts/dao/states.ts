import {
  carry,
  daoWorld,
  EXECUTION_WINDOW_SECONDS,
  networkHelpers,
  passTo,
  passToVote,
  passVote,
  payloadOf,
  PROPOSAL_STATE,
  proposeCid,
  QUEUE_WINDOW,
  ripen,
  succeed,
  type DaoWorld,
  type Proposal,
} from './world.ts'

/** What the next transaction finds a proposal in. Expired is reached from two sides. */
export const GIVEN = [
  'Pending',
  'Active',
  'Succeeded',
  'Defeated',
  'Queued',
  'Executed',
  'Canceled',
  'Expired before it was queued',
  'Expired after it was queued',
] as const
export type Given = (typeof GIVEN)[number]

export type Stated = DaoWorld & { proposal: Proposal }

export const stateIn = (given: Given): bigint => PROPOSAL_STATE[given.split(' ')[0] as keyof typeof PROPOSAL_STATE]

const REACH: Record<Given, (w: DaoWorld, proposal: Proposal) => Promise<unknown>> = {
  Pending: async () => {},
  Active: async (_, proposal) => passToVote(proposal),
  Succeeded: succeed,
  Defeated: passVote,
  Queued: ripen,
  Executed: carry,
  Canceled: ({ dao, members }, proposal) => dao.connect(members[0]).cancel(...payloadOf(proposal)),
  'Expired before it was queued': async (w, proposal) => {
    await succeed(w, proposal)
    await passTo(proposal.deadline + QUEUE_WINDOW)
  },
  'Expired after it was queued': async (w, proposal) => {
    await ripen(w, proposal)
    await networkHelpers.time.increaseTo((await w.dao.proposalEta(proposal.id)) + EXECUTION_WINDOW_SECONDS + 1n)
  },
}

/** Fixtures: in a DAO whose guardian's term outlasts everything, a proposal of the first member in each state, by default to keep a CID. */
export function statesOf(
  propose: (w: DaoWorld) => Promise<Proposal> = proposeCid,
): Record<Given, () => Promise<Stated>> {
  const fixtures = GIVEN.map((given) => [
    given,
    async () => {
      const w = await daoWorld({ setup: { guardianUntil: 100_000n } })
      const proposal = await propose(w)
      await REACH[given](w, proposal)
      return { ...w, proposal }
    },
  ])
  return Object.fromEntries(fixtures) as Record<Given, () => Promise<Stated>>
}
