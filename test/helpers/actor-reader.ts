import { expect } from 'chai'
import type { BaseContract } from 'ethers'
import type { ScriptedActor } from '../../types/ethers-contracts/index.js'
import { frc42 } from './frc42.ts'

export const CBOR = 0x51n

/** A getter of a reader library, seen through its harness. */
export interface Reader {
  /** Name of the harness function. */
  getter: string
  args: unknown[]
  /** FRC-42 name of the actor's method. */
  method: string
  /** What must reach the actor, CBOR; '0x' for nothing. */
  params: string
  /** Id of the actor that is asked. */
  actorId: bigint
  /** A good answer, CBOR. */
  answer: string
  /** The values behind the exit code when all of them are zero. */
  zero: unknown[]
  /** Major type that the answer must start with. */
  major: number
}

export type ReaderFixture = () => Promise<{ harness: BaseContract; actor: ScriptedActor }>

/** The getter's return values, as plain nested arrays. */
export async function readWith(harness: BaseContract, getter: string, args: unknown[]): Promise<unknown> {
  const result: unknown = await harness.getFunction(getter).staticCall(...args)
  return plain(result)
}

const plain = (value: unknown): unknown =>
  Array.isArray(value) ? Array.from(value as unknown[], (item) => plain(item)) : value

/** What every getter owes its caller: the right question, the exit code as it came, and an error for what is no answer. */
export function behavesLikeReader(load: ReaderFixture, reader: Reader): void {
  const { getter, args, params, actorId, answer, zero, major } = reader
  const method = frc42(reader.method)
  const read = (harness: BaseContract) => harness.getFunction(getter).staticCall(...args)

  it(`asks ${reader.method} with its parameters and nothing else`, async () => {
    const { harness, actor } = await load()
    await actor.scriptFor(method, params, 0, CBOR, answer)
    expect(((await readWith(harness, getter, args)) as unknown[])[0]).to.equal(0n)
  })

  it('hands on exit codes with zero values', async () => {
    const { harness, actor } = await load()
    for (const exitCode of [7n, 16n, 17n, 18n, 22n, 32n, 33n]) {
      await actor.script(method, exitCode, 0, '0x')
      expect(await readWith(harness, getter, args)).to.deep.equal([exitCode, ...zero])
    }
  })

  it('does not read the data that comes with an exit code', async () => {
    const { harness, actor } = await load()
    await actor.script(method, 33, CBOR, '0x43010203')
    expect(await readWith(harness, getter, args)).to.deep.equal([33n, ...zero])
  })

  it('reverts with BadActorReturn on success with nothing, as plain accounts answer', async () => {
    const { harness, actor } = await load()
    await actor.script(method, 0, 0, '0x')
    await expect(read(harness))
      .to.be.revertedWithCustomError(harness, 'BadActorReturn')
      .withArgs(actorId, method, 0n, 0n)
  })

  it('reverts with CborTruncated wherever the answer is cut', async () => {
    const { harness, actor } = await load()
    for (let end = 4; end < answer.length; end += 2) {
      await actor.script(method, 0, CBOR, answer.slice(0, end))
      await expect(read(harness)).to.be.revertedWithCustomError(harness, 'CborTruncated')
    }
  })

  it('reverts with CborTrailing when a byte follows the answer', async () => {
    const { harness, actor } = await load()
    const length = (answer.length - 2) / 2
    await actor.script(method, 0, CBOR, `${answer}00`)
    await expect(read(harness))
      .to.be.revertedWithCustomError(harness, 'CborTrailing')
      .withArgs(length, length + 1)
  })

  it('reverts with CborWrongType on an answer of another type', async () => {
    const { harness, actor } = await load()
    await actor.script(method, 0, CBOR, '0xa0')
    await expect(read(harness)).to.be.revertedWithCustomError(harness, 'CborWrongType').withArgs(0n, major, 5n)
  })
}
