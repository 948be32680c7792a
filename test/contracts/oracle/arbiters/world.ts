import { connect } from '../../../helpers/network.ts'
import { inOneEpoch } from '../world.ts'

export const { ethers, networkHelpers } = await connect()
export const { loadFixture, mineUpTo, setBalance } = networkHelpers

export const RULING = { None: 0n, Upheld: 1n, Rejected: 2n, Silent: 3n }

/** The request and stage under challenge. */
export const ID = 7n
export const STAGE = 1n

export const epoch = async (): Promise<bigint> => BigInt(await ethers.provider.getBlockNumber())

/** A registry's challenges as an arbiter sees them: one is open on {ID}, {STAGE}, to be ruled on up to `deadline`. */
export async function challenged() {
  const stub = await ethers.deployContract('ChallengeStub')
  const deadline = (await epoch()) + 100n
  await stub.open(ID, STAGE, deadline)
  return { stub, deadline }
}

/** Two registries; a challenge is open in each: of the same request and stage, since the same epoch. */
export async function challengedAlike() {
  const stubs = [await ethers.deployContract('ChallengeStub'), await ethers.deployContract('ChallengeStub')] as const
  const deadline = (await epoch()) + 100n
  const gasLimit = 1_000_000n
  await inOneEpoch(() => Promise.all(stubs.map((stub) => stub.open(ID, STAGE, deadline, { gasLimit }))))
  return { stub: stubs[0], other: stubs[1] }
}
