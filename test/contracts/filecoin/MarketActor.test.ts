import { expect } from 'chai'
import { installActors, scriptActor } from '../../helpers/actors.ts'
import { behavesLikeReader, CBOR, readWith, type Reader } from '../../helpers/actor-reader.ts'
import { frc42 } from '../../helpers/frc42.ts'
import { connect } from '../../helpers/network.ts'
import vectors from '../../vectors/actors.json' with { type: 'json' }

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

const MARKET = 5n
const DEAL = 1000n
const DEAL_PARAMS = '0x1903e8'
const DIGEST = `0x${'ab'.repeat(32)}`
const PIECE_SIZE = 1n << 35n
const PRICE = 518_400_000_000_000_000n

const UINT = 0
const BYTES = 2
const ARRAY = 4
const SIMPLE = 7

describe('MarketActor', () => {
  async function scripted() {
    await installActors()
    return { harness: await ethers.deployContract('MarketActorHarness'), actor: await scriptActor(MARKET) }
  }
  const load = () => loadFixture(scripted)

  /** The getter's values when the market answers `method` with `data`. */
  async function answered(getter: string, method: string, data: string, args: unknown[] = [DEAL]) {
    const { harness, actor } = await load()
    await actor.script(frc42(method), 0, CBOR, data)
    return readWith(harness, getter, args)
  }

  const deal = { args: [DEAL], params: DEAL_PARAMS, actorId: MARKET }
  const getter = (getter: string, method: string, answer: string, zero: unknown[], major: number): Reader => ({
    ...deal,
    getter,
    method,
    answer,
    zero,
    major,
  })

  it('is actor 5, and names the exit codes that speak of a deal', async () => {
    const { harness } = await load()
    expect(await harness.ID()).to.equal(5n)
    expect(await harness.NOT_FOUND()).to.equal(17n)
    expect(await harness.DEAL_EXPIRED()).to.equal(32n)
    expect(await harness.DEAL_NOT_ACTIVATED()).to.equal(33n)
  })

  describe('getDealDataCommitment', () => {
    const vector = vectors.GetDealDataCommitment.deal
    behavesLikeReader(
      load,
      getter('getDealDataCommitment', 'GetDealDataCommitment', vector, [[ethers.ZeroHash, 0n]], ARRAY),
    )

    it('strips the 00 before the piece CID and returns digest and size', async () => {
      expect(await answered('getDealDataCommitment', 'GetDealDataCommitment', vector)).to.deep.equal([
        0n,
        [DIGEST, PIECE_SIZE],
      ])
    })

    it('reverts with NotAPieceCid when the CID is another kind of CID', async () => {
      const { harness, actor } = await load()
      const dagPb = vector.replace('0181e203922020', '01701220202020')
      await actor.script(frc42('GetDealDataCommitment'), 0, CBOR, dagPb)
      await expect(harness.getDealDataCommitment(DEAL))
        .to.be.revertedWithCustomError(harness, 'NotAPieceCid')
        .withArgs(`0x01701220202020${'ab'.repeat(32)}`)
    })

    it('reverts with CborNotCid when the 00 is missing', async () => {
      const { harness, actor } = await load()
      const bare = vector.replace('5828000181', '58270181')
      await actor.script(frc42('GetDealDataCommitment'), 0, CBOR, bare)
      await expect(harness.getDealDataCommitment(DEAL))
        .to.be.revertedWithCustomError(harness, 'CborNotCid')
        .withArgs(5n)
    })
  })

  describe('getDealProvider', () => {
    const vector = vectors.GetDealProvider.deal
    behavesLikeReader(load, getter('getDealProvider', 'GetDealProvider', vector, [0n], UINT))

    it('returns the miner actor’s id', async () => {
      expect(await answered('getDealProvider', 'GetDealProvider', vector)).to.deep.equal([0n, 100n])
    })
  })

  describe('getDealClient', () => {
    const vector = vectors.GetDealClient.deal
    behavesLikeReader(load, getter('getDealClient', 'GetDealClient', vector, [0n], UINT))

    it('returns the client’s actor id', async () => {
      expect(await answered('getDealClient', 'GetDealClient', vector)).to.deep.equal([0n, 2003n])
    })
  })

  describe('getDealSector', () => {
    const vector = vectors.GetDealSector.deal
    behavesLikeReader(load, getter('getDealSector', 'GetDealSector', vector, [0n], UINT))

    it('returns the sector number', async () => {
      expect(await answered('getDealSector', 'GetDealSector', vector)).to.deep.equal([0n, 1n])
    })
  })

  describe('getDealTerm', () => {
    const vector = vectors.GetDealTerm.deal
    behavesLikeReader(load, getter('getDealTerm', 'GetDealTerm', vector, [[0n, 0n]], ARRAY))

    it('returns start and duration', async () => {
      expect(await answered('getDealTerm', 'GetDealTerm', vector)).to.deep.equal([0n, [1_002_880n, 518_400n]])
    })
  })

  describe('getDealActivation', () => {
    behavesLikeReader(
      load,
      getter('getDealActivation', 'GetDealActivation', vectors.GetDealActivation.active, [[0n, 0n]], ARRAY),
    )

    it('returns the epoch of activation, and −1 for not terminated', async () => {
      expect(await answered('getDealActivation', 'GetDealActivation', vectors.GetDealActivation.active)).to.deep.equal([
        0n,
        [1_000_000n, -1n],
      ])
    })

    it('returns −1 for both while the deal is published only', async () => {
      const { published } = vectors.GetDealActivation
      expect(await answered('getDealActivation', 'GetDealActivation', published)).to.deep.equal([0n, [-1n, -1n]])
    })

    it('reverts with CborWrongLength on an answer of one or of three', async () => {
      const { harness, actor } = await load()
      for (const [length, data] of [
        [1n, '0x8120'],
        [3n, '0x83202020'],
      ] as const) {
        await actor.script(frc42('GetDealActivation'), 0, CBOR, data)
        await expect(harness.getDealActivation(DEAL))
          .to.be.revertedWithCustomError(harness, 'CborWrongLength')
          .withArgs(0n, 2n, length)
      }
    })
  })

  describe('getDealLabel', () => {
    behavesLikeReader(load, getter('getDealLabel', 'GetDealLabel', vectors.GetDealLabel.text, ['0x', false], BYTES))

    it('returns a text label’s bytes, and that it is text', async () => {
      expect(await answered('getDealLabel', 'GetDealLabel', vectors.GetDealLabel.text)).to.deep.equal([
        0n,
        '0x68656c6c6f',
        true,
      ])
    })

    it('returns a binary label’s bytes', async () => {
      expect(await answered('getDealLabel', 'GetDealLabel', vectors.GetDealLabel.bytes)).to.deep.equal([
        0n,
        '0x68656c6c6f',
        false,
      ])
    })

    it('reads the longest label, 256 bytes', async () => {
      const label = '7a'.repeat(256)
      expect(await answered('getDealLabel', 'GetDealLabel', `0x790100${label}`)).to.deep.equal([0n, `0x${label}`, true])
    })
  })

  for (const [name, method, vector] of [
    ['getDealTotalPrice', 'GetDealTotalPrice', vectors.GetDealTotalPrice.price],
    ['getDealClientCollateral', 'GetDealClientCollateral', vectors.GetDealClientCollateral.collateral],
    ['getDealProviderCollateral', 'GetDealProviderCollateral', vectors.GetDealProviderCollateral.collateral],
  ] as const) {
    describe(name, () => {
      behavesLikeReader(load, getter(name, method, vector, [0n], BYTES))

      it('returns attoFIL', async () => {
        expect(await answered(name, method, vector)).to.deep.equal([0n, PRICE])
      })

      it('reads the empty bytes of zero', async () => {
        expect(await answered(name, method, '0x40')).to.deep.equal([0n, 0n])
      })

      it('reverts with CborNegative on a negative amount', async () => {
        const { harness, actor } = await load()
        await actor.script(frc42(method), 0, CBOR, '0x420101')
        await expect(harness.getFunction(name).staticCall(DEAL))
          .to.be.revertedWithCustomError(harness, 'CborNegative')
          .withArgs(0n)
      })
    })
  }

  describe('getDealVerified', () => {
    behavesLikeReader(load, getter('getDealVerified', 'GetDealVerified', vectors.GetDealVerified.yes, [false], SIMPLE))

    it('returns whether the deal is verified', async () => {
      expect(await answered('getDealVerified', 'GetDealVerified', vectors.GetDealVerified.yes)).to.deep.equal([
        0n,
        true,
      ])
      expect(await answered('getDealVerified', 'GetDealVerified', vectors.GetDealVerified.no)).to.deep.equal([
        0n,
        false,
      ])
    })
  })

  describe('getBalance', () => {
    const vector = vectors.GetBalance.escrow
    behavesLikeReader(load, {
      getter: 'getBalance',
      args: ['0x00e907'],
      method: 'GetBalance',
      params: '0x4300e907',
      actorId: MARKET,
      answer: vector,
      zero: [0n, 0n],
      major: ARRAY,
    })

    it('returns the balance and the locked part of it in attoFIL', async () => {
      expect(await answered('getBalance', 'GetBalance', vector, ['0x00e907'])).to.deep.equal([
        0n,
        1_000_000_000_000_000_000_000n,
        PRICE,
      ])
    })
  })

  describe('the parameters', () => {
    for (const [dealId, params] of [
      [0n, '0x00'],
      [23n, '0x17'],
      [24n, '0x1818'],
      [256n, '0x190100'],
      [65_536n, '0x1a00010000'],
      [(1n << 64n) - 1n, '0x1bffffffffffffffff'],
    ] as const) {
      it(`carry deal id ${dealId} bare and in its shortest form`, async () => {
        const { harness, actor } = await load()
        await actor.scriptFor(frc42('GetDealProvider'), params, 0, CBOR, '0x1864')
        expect(await harness.getDealProvider(dealId)).to.deep.equal([0n, 100n])
      })
    }
  })
})
