import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import type { Connection } from './hardhat.ts'

/** The account that signs: the first of the network's, or the one that was asked for. @throws Error that says how to get its key here. */
export async function signerOf({ ethers, network }: Connection, address?: string): Promise<HardhatEthersSigner> {
  const signers = await ethers.getSigners()
  const signer =
    address === undefined ? signers[0] : signers.find((each) => each.address === ethers.getAddress(address))
  if (signer) return signer
  const whose = address === undefined ? 'no key to sign with' : `no key of ${address}`
  throw Object.assign(new Error(`${whose} on '${network}'`), {
    hint: 'Store one: npx hardhat keystore set MOORING_KEY (or set MOORING_KEY in the environment).',
  })
}
