import { artifacts } from 'hardhat'
import { installActors as install, maskedIdAddress, setActorCode, type Rpc } from '../../scripts/local/actors.ts'
import { connect } from './network.ts'
import type { ScriptedActor } from '../../types/ethers-contracts/index.js'

/** The simulated network as the actors' installer wants it. */
export async function rpc(): Promise<Rpc> {
  const { provider } = await connect()
  return { send: (method, params) => provider.request({ method, params }) }
}

/** Installs the stand-in actors on the shared simulated network; call it inside a fixture. */
export async function installActors(): Promise<void> {
  await install(await rpc(), artifacts)
}

/** Puts a {ScriptedActor} over actor `id` (5 = market, 4 = power, a miner's id …) and gives a handle to script it. */
export async function scriptActor(id: bigint | number): Promise<ScriptedActor> {
  const { ethers } = await connect()
  const address = maskedIdAddress(id)
  await setActorCode(await rpc(), artifacts, address, 'ScriptedActor')
  return ethers.getContractAt('ScriptedActor', address)
}
