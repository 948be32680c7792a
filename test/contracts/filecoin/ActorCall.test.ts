import { expect } from 'chai'
import { AbiCoder, concat, toBeHex, zeroPadValue } from 'ethers'
import { ACTOR_ADDRESSES } from '../../../scripts/local/actors.ts'
import { installActors, scriptActor } from '../../helpers/actors.ts'
import { CODE_THAT_ECHOES, codeThatReturns } from '../../helpers/evm-code.ts'
import { connect } from '../../helpers/network.ts'

const { ethers, networkHelpers } = await connect()
const { loadFixture, setCode } = networkHelpers
const coder = AbiCoder.defaultAbiCoder()

const ACTOR = 77n
const METHOD = 20_000_000n
const CBOR = 0x51n
const DAG_CBOR = 0x71n

/** What the precompile returns. */
const answer = (exitCode: bigint, codec: bigint, data: string) =>
  coder.encode(['int256', 'uint64', 'bytes'], [exitCode, codec, data])

const word = (value: bigint) => zeroPadValue(toBeHex(value), 32)

describe('ActorCall', () => {
  async function scripted() {
    await installActors()
    const harness = await ethers.deployContract('ActorCallHarness')
    return { harness, actor: await scriptActor(ACTOR) }
  }

  async function precompileAnswers(output: string) {
    const { harness } = await loadFixture(scripted)
    await setCode(ACTOR_ADDRESSES.callActorId, codeThatReturns(output))
    return harness
  }

  describe('what reaches the precompile', () => {
    for (const [title, params, codec] of [
      ['with parameters: read-only, without value, in CBOR', '0x1864', CBOR],
      ['without parameters: no codec either', '0x', 0n],
    ] as const) {
      it(title, async () => {
        const { harness } = await loadFixture(scripted)
        await setCode(ACTOR_ADDRESSES.callActorId, CODE_THAT_ECHOES)
        const [, input] = await harness.read(ACTOR, METHOD, params)
        const [value, readOnly] = [0n, 1n]
        expect(input).to.equal(
          coder.encode(
            ['uint64', 'uint256', 'uint64', 'uint64', 'bytes', 'uint64'],
            [METHOD, value, readOnly, codec, params, ACTOR],
          ),
        )
      })
    }
  })

  for (const read of ['read', 'readValue'] as const) {
    describe(read, () => {
      it('returns what the actor answers', async () => {
        const { harness, actor } = await loadFixture(scripted)
        await actor.scriptFor(METHOD, '0x1864', 0, CBOR, '0x820102')
        expect(await harness[read](ACTOR, METHOD, '0x1864')).to.deep.equal([0n, '0x820102'])
      })

      it('calls a method without parameters', async () => {
        const { harness, actor } = await loadFixture(scripted)
        await actor.scriptFor(METHOD, '0x', 0, CBOR, '0x01')
        expect(await harness[read](ACTOR, METHOD, '0x')).to.deep.equal([0n, '0x01'])
      })

      it('takes DAG-CBOR for CBOR', async () => {
        const harness = await precompileAnswers(answer(0n, DAG_CBOR, '0xf5'))
        expect(await harness[read](ACTOR, METHOD, '0x')).to.deep.equal([0n, '0xf5'])
      })

      it('returns an answer of many bytes whole', async () => {
        const { harness, actor } = await loadFixture(scripted)
        const data = `0x5903e8${'c3'.repeat(1000)}`
        await actor.script(METHOD, 0, CBOR, data)
        expect(await harness[read](ACTOR, METHOD, '0x')).to.deep.equal([0n, data])
      })

      it('hands on an exit code and what came with it, of whichever codec', async () => {
        const { harness, actor } = await loadFixture(scripted)
        await actor.script(METHOD, 33, CBOR, '0x4401020304')
        expect(await harness[read](ACTOR, METHOD, '0x')).to.deep.equal([33n, '0x4401020304'])
        await actor.script(METHOD, 17, 0, '0x')
        expect(await harness[read](ACTOR, METHOD, '0x')).to.deep.equal([17n, '0x'])
        const other = await precompileAnswers(answer(40n, 0x55n, '0x00'))
        expect(await other[read](ACTOR, METHOD, '0x')).to.deep.equal([40n, '0x00'])
      })

      it('hands on −6 when there is no such actor', async () => {
        const { harness } = await loadFixture(scripted)
        expect(await harness[read](ACTOR + 1n, METHOD, '0x')).to.deep.equal([-6n, '0x'])
      })

      it('hands on 33 when a contract is called that reverts', async () => {
        const { harness, actor } = await loadFixture(scripted)
        await actor.failWith('0x')
        expect((await harness[read](ACTOR, METHOD, '0x'))[0]).to.equal(33n)
      })

      it('reverts with PrecompileFailed for a method that the precompile reserves', async () => {
        const { harness } = await loadFixture(scripted)
        await expect(harness[read](ACTOR, 1023n, '0x'))
          .to.be.revertedWithCustomError(harness, 'PrecompileFailed')
          .withArgs(ACTOR, 1023n)
      })

      it('reverts with BadActorReturn on data under another codec', async () => {
        for (const codec of [0n, 0x55n]) {
          const harness = await precompileAnswers(answer(0n, codec, '0x0102'))
          await expect(harness[read](ACTOR, METHOD, '0x'))
            .to.be.revertedWithCustomError(harness, 'BadActorReturn')
            .withArgs(ACTOR, METHOD, codec, 2n)
        }
      })

      it('reverts with BadActorReturn on a codec with no data', async () => {
        const { harness, actor } = await loadFixture(scripted)
        await actor.script(METHOD, 0, CBOR, '0x')
        await expect(harness[read](ACTOR, METHOD, '0x'))
          .to.be.revertedWithCustomError(harness, 'BadActorReturn')
          .withArgs(ACTOR, METHOD, CBOR, 0n)
      })

      it('reverts with BadActorReturn where there is no precompile', async () => {
        const harness = await precompileAnswers('0x')
        await expect(harness[read](ACTOR, METHOD, '0x'))
          .to.be.revertedWithCustomError(harness, 'BadActorReturn')
          .withArgs(ACTOR, METHOD, 0n, 0n)
      })

      it('reverts with BadActorReturn when the precompile’s answer is cut', async () => {
        const output = answer(0n, CBOR, '0x0102')
        const harness = await precompileAnswers(output.slice(0, 2 + 2 * 127))
        await expect(harness[read](ACTOR, METHOD, '0x'))
          .to.be.revertedWithCustomError(harness, 'BadActorReturn')
          .withArgs(ACTOR, METHOD, 0n, 0n)
      })

      it('reverts with BadActorReturn when more data is announced than came', async () => {
        for (const [announced, came] of [
          [33n, word(1n)],
          [1n, '0x'],
          [(1n << 256n) - 1n, word(1n)],
        ] as const) {
          const harness = await precompileAnswers(concat([word(0n), word(CBOR), word(0x60n), word(announced), came]))
          await expect(harness[read](ACTOR, METHOD, '0x'))
            .to.be.revertedWithCustomError(harness, 'BadActorReturn')
            .withArgs(ACTOR, METHOD, CBOR, announced)
        }
      })

      it('reads data that fills the answer to its last byte', async () => {
        const harness = await precompileAnswers(concat([word(0n), word(CBOR), word(0x60n), word(1n), '0xf5']))
        expect(await harness[read](ACTOR, METHOD, '0x')).to.deep.equal([0n, '0xf5'])
      })

      it('reverts with BadActorReturn when the data is said to lie elsewhere', async () => {
        for (const offset of [0x40n, 0x80n, (1n << 256n) - 1n]) {
          const harness = await precompileAnswers(
            concat([word(0n), word(CBOR), word(offset), word(32n), word(1n), word(1n)]),
          )
          await expect(harness[read](ACTOR, METHOD, '0x'))
            .to.be.revertedWithCustomError(harness, 'BadActorReturn')
            .withArgs(ACTOR, METHOD, CBOR, 32n)
        }
      })
    })
  }

  describe('success with nothing', () => {
    async function silent() {
      const { harness, actor } = await scripted()
      await actor.script(METHOD, 0, 0, '0x')
      return harness
    }

    it('is an answer to read', async () => {
      const harness = await loadFixture(silent)
      expect(await harness.read(ACTOR, METHOD, '0x')).to.deep.equal([0n, '0x'])
    })

    it('is none to readValue: BadActorReturn', async () => {
      const harness = await loadFixture(silent)
      await expect(harness.readValue(ACTOR, METHOD, '0x'))
        .to.be.revertedWithCustomError(harness, 'BadActorReturn')
        .withArgs(ACTOR, METHOD, 0n, 0n)
    })
  })
})
