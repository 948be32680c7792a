import { expect } from 'chai'
import { Interface } from 'ethers'
import { connect } from '../../helpers/network.ts'
import { deployRegistry } from '../../helpers/registry.ts'

const { ethers } = await connect()

/** How the FVM calls an EVM contract that is sent something; the method is FRC-46's Receive (FRC-42 hash). */
const NATIVE = new Interface(['function handle_filecoin_method(uint64 method, uint64 codec, bytes params)'])
const RECEIVE = 3_726_118_371n

describe('OracleRegistry under attack, by its code', () => {
  describe('A 6: no upgradeable proxies', () => {
    // that each fits into 24,576 bytes is `npm run check`'s: under coverage every contract is larger
    it('is two contracts, the second named in the code of the first', async () => {
      const registry = await deployRegistry()
      const code = await ethers.provider.getCode(registry)
      const extension = await registry.extension()

      for (const text of [code, await ethers.provider.getCode(extension)]) expect(text).not.to.equal('0x')
      expect(code.toLowerCase()).to.include(extension.slice(2).toLowerCase())
    })

    it('forwards nothing but what it names: an unknown call, coins and FRC-46 tokens are refused', async () => {
      const registry = await deployRegistry()
      const [sender] = await ethers.getSigners()
      const to = await registry.getAddress()
      const received = NATIVE.encodeFunctionData('handle_filecoin_method', [RECEIVE, 0x51n, '0x80'])

      for (const sent of [{ data: received }, { data: '0x12345678' }, { value: 1n }]) {
        await expect(sender.sendTransaction({ to, ...sent })).to.be.revert(ethers)
      }
      expect(await ethers.provider.getBalance(to)).to.equal(0n)
    })
  })
})
