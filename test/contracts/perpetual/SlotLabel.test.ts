import { expect } from 'chai'
import { hexlify, toUtf8Bytes, toUtf8String } from 'ethers'
import { connect } from '../../helpers/network.ts'

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

const MAX_SLOT = (1n << 256n) - 1n
const MAX_NONCE = (1n << 64n) - 1n

const text = (label: string) => hexlify(toUtf8Bytes(label))

describe('SlotLabel', () => {
  async function deployed() {
    return { harness: await ethers.deployContract('SlotLabelHarness') }
  }

  for (const [slot, nonce, label] of [
    [256n, 1n, '256/1'],
    [0n, 0n, '0/0'],
    [10_000n, 100n, '10000/100'],
    [MAX_SLOT, MAX_NONCE, `${MAX_SLOT}/${MAX_NONCE}`],
  ] as const) {
    it(`writes slot and nonce as ${label}, and reads them back`, async () => {
      const { harness } = await loadFixture(deployed)
      expect(toUtf8String(await harness.encode(slot, nonce))).to.equal(label)
      expect(await harness.parse(text(label))).to.deep.equal([true, slot, nonce])
    })
  }

  for (const [what, label] of [
    ['nothing', ''],
    ['a slash alone', '/'],
    ['no slash', '2561'],
    ['no slot', '/1'],
    ['no nonce', '256/'],
    ['a second slash', '256/1/'],
    ['a slot with a leading zero', '0256/1'],
    ['a nonce with a leading zero', '256/01'],
    ['a space in front', ' 256/1'],
    ['a line’s end behind', '256/1\n'],
    ['a sign', '+256/1'],
    ['a sign on the nonce', '256/-1'],
    ['hexadecimal digits', '0x100/1'],
    ['letters', '25a/1'],
    ['the character before 0', '25/./1'],
    ['the character behind 9', '25:/1'],
    ['a slot of more than 256 bits', `${MAX_SLOT + 1n}/1`],
    ['a slot of a digit more', `${MAX_SLOT}0/1`],
    ['a nonce of more than 64 bits', `256/${MAX_NONCE + 1n}`],
    ['a nonce of a digit more', `256/${MAX_NONCE}0`],
    ['digits of another script', '٢٥٦/١'],
    ['a megabyte’s beginning', '1'.repeat(100)],
  ] as const) {
    it(`takes ${what} for no label`, async () => {
      const { harness } = await loadFixture(deployed)
      expect(await harness.parse(text(label))).to.deep.equal([false, 0n, 0n])
    })
  }
})
