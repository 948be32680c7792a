import { AbiCoder } from 'ethers'
import { connect } from './network.ts'

const coder = AbiCoder.defaultAbiCoder()

export const CBOR = 0x51n

/** A message as the precompile call_actor_id takes it; read-only unless `flags` is 0. */
export interface ActorCall {
  id: bigint
  method: bigint
  params?: string
  codec?: bigint
  value?: bigint
  flags?: bigint
}

export interface ActorReply {
  exitCode: bigint
  codec: bigint
  data: string
}

/** The precompile's input. The codec is CBOR, or none when there are no parameters. */
export function encodeActorCall({ id, method, params = '0x', codec, value = 0n, flags = 1n }: ActorCall): string {
  return coder.encode(
    ['uint64', 'uint256', 'uint64', 'uint64', 'bytes', 'uint64'],
    [method, value, flags, codec ?? (params === '0x' ? 0n : CBOR), params, id],
  )
}

/** What the precompile's output says. */
export function decodeActorReply(output: string): ActorReply {
  const [exitCode, codec, data] = coder.decode(['int256', 'uint64', 'bytes'], output) as unknown as [
    bigint,
    bigint,
    string,
  ]
  return { exitCode, codec, data }
}

/** An answer: OK with CBOR data, or an exit code with nothing. */
export const ok = (data: string): ActorReply => ({ exitCode: 0n, codec: data === '0x' ? 0n : CBOR, data })
export const exit = (exitCode: bigint): ActorReply => ({ exitCode, codec: 0n, data: '0x' })

/** A contract to call actors with: `call` asks what would come back, `send` does it and tells what came back. */
export async function deployActorCaller() {
  const { ethers } = await connect()
  const caller = await ethers.deployContract('ActorCaller')

  const call = async (message: ActorCall) => {
    const [success, output] = await caller.callActorId.staticCall(encodeActorCall(message))
    if (!success) throw new Error(`the precompile failed: ${output}`)
    return decodeActorReply(output)
  }
  const send = async (message: ActorCall, value = 0n) => {
    const input = encodeActorCall({ flags: 0n, ...message })
    const [, output] = await caller.callActorId.staticCall(input, { value })
    await (await caller.callActorId(input, { value })).wait()
    return decodeActorReply(output)
  }
  return { caller, call, send }
}
