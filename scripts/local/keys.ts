import { HDNodeWallet, Mnemonic } from 'ethers'

/** The test mnemonic that development chains fund at start; public knowledge, worthless anywhere else. */
const DEV_MNEMONIC = 'test test test test test test test test test test test junk'

const wallet = (index: number) =>
  HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(DEV_MNEMONIC), `m/44'/60'/0'/0/${index}`)

/** Who signs on the local chain. The deployer is the first account: it asks, governs, and owns the first operator. */
export const LOCAL_KEYS = {
  deployer: wallet(0),
  /** The worker of all storage providers: it makes their deals, and claims for them. */
  storageProviders: wallet(2),
  /** Who own them, each another one: an order has one replica with each owner. The chain does not unlock them. */
  minerOwners: [wallet(10), wallet(11), wallet(12)],
  operators: [
    { owner: wallet(0), reporter: wallet(1) },
    { owner: wallet(3), reporter: wallet(4) },
    { owner: wallet(5), reporter: wallet(6) },
  ],
  /** Two of the three rule on a challenge. */
  council: [wallet(7), wallet(8), wallet(9)],
  /** Of a DAO; and who carries a signed ballot to the chain. The chain knows none of them: they have no money at the start. */
  members: [wallet(13), wallet(14), wallet(15), wallet(16), wallet(17)],
  carrier: wallet(18),
} as const

/** The key of a local operator's reporter. */
export function reporterKeyOf(reporter: string): string {
  const found = LOCAL_KEYS.operators.find((keys) => keys.reporter.address === reporter)
  if (!found) throw new Error(`${reporter} is no reporter of the local network: its key is not known here`)
  return found.reporter.privateKey
}
