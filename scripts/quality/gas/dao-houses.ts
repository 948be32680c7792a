import { id as keccakOf, parseEther, TypedDataEncoder, Wallet, type BaseContract, type Signer } from 'ethers'
import hre from 'hardhat'
import { createMiners } from '../../local/actors.ts'
import { LINK } from './registry.ts'
import type { GasWorld } from './world.ts'

/** Ballots of a batch. */
export const BALLOTS = 20
/** Epochs, and hundredths of all weight, of every Governor that is measured. */
export const RULES = { delay: 1n, period: 200n, late: 20n, quorumPercent: 50n }
export const SP_MINER = 3000n

/** What every house has: the same members, each with the same history, and a proposer that is a member too. */
export interface Members {
  proposer: Signer
  /** Vote by transactions of their own. */
  voters: Signer[]
  /** Sign; others submit. */
  signers: Wallet[]
  addresses: string[]
}

/** A Governor whose members vote. */
export interface House {
  governor: BaseContract
  treasury: string
}

export interface Houses {
  plain: House
  badge: House
  token: House
  loop: BaseContract
  members: Members
  sp: Signer
}

/** A request of one replica, as a DAO votes on it. */
export const requestTerms = (budget: bigint) => ({
  ...{ kind: 0, replicas: 1, pieceSize: 0, termEpochs: 517_400n, deadlineEpochs: 5_000n, price: 10n ** 16n },
  ...{ budget, pieceCid: '0x', seed: LINK },
})

/** OpenZeppelin's Governor on a token of its own, and a DataDAO of each kind, all with the same members and rules. */
export async function buildHouses(world: GasWorld): Promise<Houses> {
  const { connection, names, send, factory } = world
  const { ethers } = connection
  const [proposer, sp, ...voters] = (await ethers.getSigners()).slice(14) as unknown as Signer[]
  const signers = Array.from({ length: BALLOTS }, (_, i) => new Wallet(keccakOf(`member ${i}`)))
  const all = [proposer!, ...voters, ...signers]
  const members = {
    ...{ proposer: proposer!, voters, signers },
    addresses: await Promise.all(all.map((member) => member.getAddress())),
  }
  const owner = await sp!.getAddress()
  await createMiners(connection, hre.artifacts, [{ id: SP_MINER, owner, worker: owner }])

  const create = async (weights: bigint[], what: string): Promise<House> => {
    const settings = {
      ...{ votingDelay: RULES.delay, votingPeriod: RULES.period, quorumPercent: RULES.quorumPercent },
      ...{ lateExtension: RULES.late, timelockDelay: 0, proposalThreshold: 1n },
    }
    const setup = {
      ...{ name: 'Curators', symbol: 'CUR', members: members.addresses, weights, settings },
      ...{ guardian: ethers.ZeroAddress, guardianUntil: 0n, defaultTerms: requestTerms(parseEther('1')) },
    }
    await send(factory, 'create', [setup], { value: parseEther('100'), what })
    const count = (await factory.getFunction('daoCount').staticCall()) as bigint
    const [dao] = (await factory.getFunction('daos').staticCall(count - 1n, 1n)) as string[]
    const { treasury } = (await factory.getFunction('partsOf').staticCall(dao)) as unknown as { treasury: string }
    const governor = await ethers.getContractAt('DataDAO', dao!)
    names.set(governor, 'DataDAO')
    return { governor, treasury }
  }
  const count = members.addresses.length
  const badge = await create([], `${count} members, one vote each; the treasury's first deposit`)
  const token = await create(Array<bigint>(count).fill(parseEther('1')), `${count} members with weights; the same`)
  const loop = await ethers.deployContract('BallotLoop')
  names.set(loop, 'BallotLoop')
  return { plain: await buildPlain(world, members), badge, token, loop, members, sp: sp! }
}

async function buildPlain({ connection: { ethers }, names }: GasWorld, { addresses }: Members): Promise<House> {
  const token = await ethers.deployContract('PlainVotes')
  await token.getFunction('mint').send(addresses, parseEther('1'))
  const timelock = await ethers.deployContract('TimelockController', [0, [], [], addresses[0]])
  const { delay, period, quorumPercent } = RULES
  const governor = await ethers.deployContract('PlainGovernor', [token, timelock, delay, period, 1n, quorumPercent])
  names.set(governor, 'PlainGovernor')
  return { governor, treasury: await timelock.getAddress() }
}

/** What a DataDAO's members sign, and what the plain Governor's do. */
const BALLOT_TYPES = {
  SignedBallot: [
    { name: 'proposalId', type: 'uint256' },
    { name: 'support', type: 'uint8' },
    { name: 'voter', type: 'address' },
    { name: 'reason', type: 'string' },
    { name: 'nonce', type: 'uint256' },
    { name: 'expiryEpoch', type: 'uint256' },
  ],
}
const PLAIN_BALLOT_TYPES = {
  Ballot: [
    { name: 'proposalId', type: 'uint256' },
    { name: 'support', type: 'uint8' },
    { name: 'voter', type: 'address' },
    { name: 'nonce', type: 'uint256' },
  ],
}
const EXPIRY = 10_000_000n

/** Everybody's ballot for a DataDAO's proposal. */
export async function signBallots({ governor }: House, signers: Wallet[], proposalId: bigint): Promise<unknown[]> {
  const domain = await domainOf(governor)
  const ballot = async (signer: Wallet) => {
    const key = BigInt.asUintN(192, proposalId)
    const nonce = (await governor.getFunction('nonces(address,uint192)').staticCall(signer.address, key)) as bigint
    const message = { proposalId, support: 1, voter: signer.address, reason: '', nonce, expiryEpoch: EXPIRY }
    const signature = signHash(signer, TypedDataEncoder.hash(domain, BALLOT_TYPES, message))
    return { voter: signer.address, support: 1, expiryEpoch: EXPIRY, reason: '', signature }
  }
  return Promise.all(signers.map(ballot))
}

/** The same for the plain Governor's. */
export async function signPlainBallots({ governor }: House, signers: Wallet[], proposalId: bigint) {
  const domain = await domainOf(governor)
  const ballot = async (signer: Wallet) => {
    const nonce = (await governor.getFunction('nonces').staticCall(signer.address)) as bigint
    const message = { proposalId, support: 1, voter: signer.address, nonce }
    const signature = signHash(signer, TypedDataEncoder.hash(domain, PLAIN_BALLOT_TYPES, message))
    return { voter: signer.address, support: 1, signature }
  }
  return Promise.all(signers.map(ballot))
}

const signHash = (signer: Wallet, hash: string) => signer.signingKey.sign(hash).serialized

async function domainOf(governor: BaseContract) {
  const { name, version, chainId, verifyingContract } = (await governor
    .getFunction('eip712Domain')
    .staticCall()) as unknown as { name: string; version: string; chainId: bigint; verifyingContract: string }
  return { name, version, chainId, verifyingContract }
}
