import { parseEther, toQuantity, type HDNodeWallet } from 'ethers'
import type { Connection } from '../../lib/hardhat.ts'
import { LOCAL_KEYS } from '../keys.ts'

/** A member of the DAO. */
export interface Member {
  name: string
  wallet: HDNodeWallet
}

/** Who has a part. Everyone has an account of its own, so that balances tell who paid what. */
export interface Cast {
  /** The first one founds the DAO; the third one has no money at all, and votes by a signature. */
  members: [Member, Member, Member, Member, Member]
  /** The storage provider that proposes: its owner signs. */
  provider: { id: bigint; name: string; owner: HDNodeWallet }
  /** No member: takes a signed ballot to the chain, and pays the gas for it. */
  carrier: HDNodeWallet
}

const PROVIDER_ID = 1000n
const PURSE = parseEther('10')

/** Casts the parts, and gives everybody something to spend but the third member. */
export async function castParts(connection: Connection): Promise<Cast> {
  const { provider } = connection.ethers
  const members = LOCAL_KEYS.members.map((key, at) => ({ name: `member ${at + 1}`, wallet: key.connect(provider) }))
  const cast: Cast = {
    members: members as Cast['members'],
    provider: {
      id: PROVIDER_ID,
      name: `t0${PROVIDER_ID}`,
      owner: LOCAL_KEYS.minerOwners[0].connect(provider),
    },
    carrier: LOCAL_KEYS.carrier.connect(provider),
  }
  const [first, second, , fourth, fifth] = cast.members
  const paying = [first.wallet, second.wallet, fourth.wallet, fifth.wallet, cast.provider.owner, cast.carrier]
  for (const { address } of paying) await connection.send('anvil_setBalance', [address, toQuantity(PURSE)])
  return cast
}

/** Whose an account is, as a stranger understands it. */
export function nameIn({ members, provider, carrier }: Cast, account: string): string {
  const member = members.find(({ wallet }) => wallet.address === account)
  if (member) return member.name
  if (account === provider.owner.address) return `the owner of ${provider.name}`
  if (account === carrier.address) return 'a stranger'
  const operator = LOCAL_KEYS.operators.findIndex(({ reporter }) => reporter.address === account)
  return operator === -1 ? account : `the executor of operator ${operator + 1}`
}

/** Accounts of each party, by its name. */
export function accountsOf({ members, provider, carrier }: Cast): Record<string, string[]> {
  return {
    ...Object.fromEntries(members.map(({ name, wallet }) => [name, [wallet.address]])),
    [provider.name]: [provider.owner.address],
    'the stranger': [carrier.address],
  }
}
