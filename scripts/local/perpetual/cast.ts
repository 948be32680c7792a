import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { getAddress } from 'ethers'
import hre from 'hardhat'
import { SINK } from '../../deploy/deploy-mooring.ts'
import type { Connection } from '../../lib/hardhat.ts'
import { createMiners } from '../actors.ts'
import { LOCAL_KEYS } from '../keys.ts'
import type { Parties } from './books.ts'

const BURN = getAddress(SINK)

/** A storage provider of the play. Its worker signs and posts the collateral; what it earns is its owner's. */
export interface Provider {
  /** Of its miner actor. */
  id: bigint
  name: string
  owner: string
  worker: HardhatEthersSigner
}

/** Who has a part. Everyone has an account of its own, so that balances tell who gained what. */
export interface Cast {
  client: HardhatEthersSigner
  /** The account of the executor's keeper. */
  keeper: string
  providers: [Provider, Provider, Provider]
}

/** Accounts of the development mnemonic; those before belong to the operators and their council. */
const CLIENT = 10
const WORKERS = 11
const OWNERS = 14
const FIRST_MINER = 1000n

export async function castParts({ ethers }: Connection): Promise<Cast> {
  const signers = await ethers.getSigners()
  const provider = (at: number): Provider => ({
    id: FIRST_MINER + BigInt(at),
    name: `t0${FIRST_MINER + BigInt(at)}`,
    owner: signers[OWNERS + at]!.address,
    worker: signers[WORKERS + at]!,
  })
  return {
    client: signers[CLIENT]!,
    keeper: LOCAL_KEYS.operators[0].reporter.address,
    providers: [provider(0), provider(1), provider(2)],
  }
}

/** Makes the providers' miner actors exist. */
export function createProviders(connection: Connection, { providers }: Cast): Promise<void> {
  const miners = providers.map(({ id, owner, worker }) => ({ id, owner, worker: worker.address }))
  return createMiners(connection, hre.artifacts, miners)
}

export function partiesOf({ client, keeper, providers }: Cast): Parties {
  return { client: client.address, keeper, providers: providers.map(({ id, name }) => ({ id, name })) }
}

/** Whose an account is, as a stranger understands it. */
export function nameIn({ client, keeper, providers }: Cast, account: string): string {
  if (account === client.address) return 'the client'
  if (account === keeper) return 'the keeper'
  if (account === BURN) return 'the burn actor f099'
  const provider = providers.find(({ owner, worker }) => [owner, worker.address].includes(account))
  if (!provider) return account
  return `${account === provider.owner ? 'the owner' : 'the worker'} of ${provider.name}`
}

/** The accounts behind each row of the books. */
export function accountsOf({ client, keeper, providers }: Cast): Record<string, string[]> {
  return {
    client: [client.address],
    ...Object.fromEntries(providers.map(({ name, owner, worker }) => [name, [owner, worker.address]])),
    keeper: [keeper],
    burned: [BURN],
  }
}
