import { AbiCoder, type Interface } from 'ethers'
import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import { collectionAbi, daoAbi, NotADao, readDaoParts, readText, treasuryAbi } from '../../../oracle/chain/dao.ts'
import { CallReverted, RpcUnavailable } from '../../../oracle/chain/rpc.ts'
import { ConfigError } from '../../../oracle/errors.ts'
import { findDaos } from '../../../oracle/start-up.ts'
import { USER } from '../../helpers/executor.ts'
import { PARTS } from '../dao/events.ts'

const { address, treasury, collection, membership } = PARTS

describe('chain/dao', () => {
  /** What each contract answers to each of its methods. */
  let answers: Record<string, string | Error>
  beforeEach(() => {
    const answer = (abi: Interface, method: string, value: string) => abi.encodeFunctionResult(method, [value])
    answers = {
      [`${address} timelock`]: answer(daoAbi, 'timelock', treasury),
      [`${address} collection`]: answer(daoAbi, 'collection', collection),
      [`${address} token`]: answer(daoAbi, 'token', membership),
      [`${address} name`]: answer(daoAbi, 'name', PARTS.name),
      [`${collection} dao`]: answer(collectionAbi, 'dao', address),
      [`${treasury} collection`]: answer(treasuryAbi, 'collection', collection),
    }
  })

  const client = {
    call({ to, data }: { to: string; data: string }): Promise<string> {
      const found = [daoAbi, collectionAbi, treasuryAbi].map((abi) => abi.getFunction(data)?.name)
      const said = answers[`${to} ${found.find((name) => name !== undefined)}`]
      return said instanceof Error ? Promise.reject(said) : Promise.resolve(said ?? '0x')
    },
  }
  const refusal = async () => readDaoParts(client, address).catch((error: unknown) => error)

  it('reads what belongs to a DataDAO', async () => {
    expect(await readDaoParts(client, address)).to.deep.equal(PARTS)
  })

  it('reads a name that is no UTF-8', async () => {
    answers[`${address} name`] = AbiCoder.defaultAbiCoder().encode(['bytes'], ['0x4bff'])
    expect((await readDaoParts(client, address)).name).to.equal('K\uFFFD')
  })

  it('says that there is no DataDAO where nothing answers, or something reverts', async () => {
    answers[`${address} timelock`] = '0x'
    expect(await refusal()).to.be.instanceOf(NotADao)
    answers[`${address} timelock`] = new CallReverted('execution reverted', '0x')
    expect(await refusal()).to.be.instanceOf(NotADao)
  })

  it('says that there is no DataDAO where its parts do not name each other', async () => {
    answers[`${collection} dao`] = collectionAbi.encodeFunctionResult('dao', [USER])
    expect(String(await refusal())).to.include(`the collection that it names, ${collection}, belongs to another`)
  })

  it('says nothing of the kind where no node answers', async () => {
    const away = new RpcUnavailable('no answer')
    answers[`${address} token`] = away
    expect(await refusal()).to.equal(away)
  })

  it('names the variable and each address at which there is none, with what to do', async () => {
    const error = (await findDaos(client, [USER, address, treasury]).catch((e: unknown) => e)) as ConfigError

    expect(error).to.be.instanceOf(ConfigError)
    expect(error.faults).to.have.lengthOf(2)
    expect(error.faults[0]).to.match(
      new RegExp(`^MOORING_DAOS: expected addresses of DataDAOs, but there is no DataDAO at ${USER}: .+ remove it\\.$`),
    )
    expect(error.faults[1]).to.include(treasury)
    expect(await findDaos(client, [address])).to.deep.equal([PARTS])
  })

  it('shows a text’s faults without stumbling over them', () => {
    expect(readText('0x4b6565702069740a')).to.equal('Keep it\n')
    expect(readText('0xff00')).to.equal('\uFFFD\uFFFD')
  })
})
