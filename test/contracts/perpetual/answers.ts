import type { BaseContract, ContractTransactionResponse } from 'ethers'
import { expect } from 'chai'
import { maskedIdAddress } from '../../../scripts/local/actors.ts'
import type { ScriptedActor } from '../../../types/ethers-contracts/index.js'
import { scriptActor } from '../../helpers/actors.ts'
import { frc42 } from '../../helpers/frc42.ts'
import { CBOR } from './messages.ts'
import { ethers, networkHelpers } from './world.ts'

/** One thing an actor may say, or not say, in answer to one method. */
export interface Answer {
  what: string
  exitCode?: number
  codec?: bigint
  data?: string
  /** The error it must lead to, whichever method it answers. */
  error?: string
}

/** Exit codes that say nothing of a deal or a sector. The actor of 33 reverted, or a deal has no sector yet. */
export const EXIT_CODES = [7, 16, 18, 20, 21, 22, 24, 33]

/** What is no answer of any getter. Each leads to an error of the reader. */
export const NO_ANSWERS: Answer[] = [
  { what: 'success with nothing, as a plain account', codec: 0n, data: '0x', error: 'BadActorReturn' },
  { what: 'a map', data: '0xa0', error: 'CborWrongType' },
  { what: 'a reserved head', data: '0x1c', error: undefined },
  { what: 'a value that is cut off', data: '0x9b00', error: undefined },
]

/** Puts a script over an actor: what is not scripted is answered as before. */
export async function scripted(id: bigint, code: string): Promise<ScriptedActor> {
  const actor = await scriptActor(id)
  await actor.passRestTo(await ethers.deployContract(code))
  return actor
}

/** Has the actor answer a method so. */
export const script = (actor: ScriptedActor, method: string, { exitCode = 0, codec = CBOR, data = '0x' }: Answer) =>
  actor.script(frc42(method), exitCode, codec, data)

/** Removes an actor from the chain: system error −6. */
export const removeActor = (id: bigint): Promise<void> => networkHelpers.setCode(maskedIdAddress(id), '0x')

/** Expects a transaction to be refused with an error, of whichever arguments if none are given, and that `look` sees no change. */
export async function expectUnchanged(
  contract: BaseContract,
  look: () => Promise<unknown>,
  act: () => Promise<ContractTransactionResponse>,
  error: string | undefined,
  args?: readonly unknown[],
): Promise<void> {
  const before = await look()
  if (error === undefined) await expect(act()).to.be.revert(ethers)
  else if (args) {
    await expect(act())
      .to.be.revertedWithCustomError(contract, error)
      .withArgs(...args)
  } else await expect(act()).to.be.revertedWithCustomError(contract, error)
  expect(await look()).to.deep.equal(before)
}
