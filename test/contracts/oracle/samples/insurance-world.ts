import { answer, lastRequest, now } from '../../../helpers/answers.ts'
import type { StorageInsurance } from '../../../../types/ethers-contracts/index.js'
import { DEAL, edgeWorld, ethers, mineUpTo, reported, type EdgeWorld, type Status } from '../edge-world.ts'

export const DEAL_ID = 42n
export const POOL = 10_000n
export const PREMIUM = 70n
export const PAYOUT = 5_000n

export const WAITING = 120_960n
export const BEGIN = 40_320n
export const GRACE = 120_960n

/** How long the insured deal runs from the beginning of the cover, epochs. */
export const TERM = 1_000n

export const POLICY = { None: 0n, Offered: 1n, Waiting: 2n, Covered: 3n, PaidOut: 4n, Over: 5n }

export interface Insurance extends EdgeWorld {
  sample: StorageInsurance
  /** What a check costs. */
  price: bigint
  policyId: bigint
}

/** An insurance whose pool holds {@link POOL}. Underwriter: `owner`; holder: `asker`. */
export async function funded(windowEpochs = 0): Promise<Insurance> {
  const world = await edgeWorld(windowEpochs)
  const sample = await ethers.deployContract('StorageInsurance', [world.edge, world.owner])
  await sample.fund({ value: POOL })
  return { ...world, sample, price: await sample.price(), policyId: 1n }
}

export async function offered(windowEpochs?: number): Promise<Insurance> {
  const insurance = await funded(windowEpochs)
  await insurance.sample.offer(insurance.asker, DEAL_ID, PREMIUM, PAYOUT)
  return insurance
}

/** A policy that is bought and whose waiting time is over: the next transaction may check the deal. */
export async function bought(windowEpochs?: number): Promise<Insurance> {
  const insurance = await offered(windowEpochs)
  await insurance.sample.connect(insurance.asker).buy(insurance.policyId, { value: PREMIUM })
  await mineUpTo((await now()) + WAITING - 1n)
  return insurance
}

/** The stranger asks how the deal stands; returns the request's id. */
export async function check(insurance: Insurance): Promise<bigint> {
  const { sample, stranger, price, policyId } = insurance
  await sample.connect(stranger).check(policyId, { value: price })
  return lastRequest(insurance)
}

export const active = (endEpoch: bigint): Status => ({
  ...{ dealId: DEAL_ID, state: DEAL.Active, providerId: 1001n, pieceDigest: '0x' + 'd1'.repeat(32), pieceSize: 2048n },
  ...{ activatedEpoch: 90n, startEpoch: 100n, endEpoch },
})

export const removed: Status = { dealId: DEAL_ID, state: DEAL.Removed }

/** A policy whose cover has begun, until `endEpoch`. */
export async function covered(): Promise<Insurance & { endEpoch: bigint }> {
  const insurance = await bought()
  const id = await check(insurance)
  const endEpoch = (await now()) + TERM
  await answer(insurance, id, 0, reported(active(endEpoch)))
  return { ...insurance, endEpoch }
}

/** Where all of the money is: free, the policy's state, credits of underwriter and holder, and all liabilities. */
export async function books({ sample, owner, asker, policyId }: Insurance) {
  return {
    free: await sample.free(),
    state: (await sample.getPolicy(policyId)).state,
    underwriter: await sample.creditOf(owner),
    holder: await sample.creditOf(asker),
    liabilities: await sample.liabilities(),
    balance: await ethers.provider.getBalance(sample),
  }
}
