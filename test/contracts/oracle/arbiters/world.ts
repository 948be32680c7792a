import { connect } from '../../../helpers/network.ts'

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
