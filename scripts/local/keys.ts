import { HDNodeWallet, Mnemonic } from 'ethers'

/** The test mnemonic that development chains fund at start; public knowledge, worthless anywhere else. */
const DEV_MNEMONIC = 'test test test test test test test test test test test junk'

const wallet = (index: number) =>
  HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(DEV_MNEMONIC), `m/44'/60'/0'/0/${index}`)

/** Who signs on the local chain. The deployer is the first account; it owns the provider and its operator. */
export const LOCAL_KEYS = {
  deployer: wallet(0),
  reporter: wallet(1),
  storageProviders: wallet(2),
} as const
