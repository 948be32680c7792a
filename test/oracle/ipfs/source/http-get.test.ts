import { expect } from 'chai'
import { describe, it } from 'mocha'
import { CidUnreachable, FetchLinkInvalid, PrivateAddress } from '../../../../oracle/ipfs/errors.ts'
import { createAddressGuard } from '../../../../oracle/ipfs/private-address.ts'
import type { AddressGuard } from '../../../../oracle/ipfs/private-address.ts'
import { createHttpClient, MAX_REDIRECTS } from '../../../../oracle/ipfs/source/http-get.ts'
import { collectAll, failureOf, serve } from '../fixtures.ts'

const NEVER = new AbortController().signal
const anywhere = createAddressGuard({ allowPrivate: true })
const strict = createAddressGuard({ allowPrivate: false, resolve: async () => [{ address: '127.0.0.1', family: 4 }] })

/** The strict guard, to which one name passes for public although its server is on this machine. */
const publicTest: AddressGuard = {
  ...strict,
  lookup: (name, options, callback) =>
    name === 'public.test'
      ? callback(null, [{ address: '127.0.0.1', family: 4 }])
      : strict.lookup(name, options, callback),
}

describe('createHttpClient', () => {
  it('gives the body of a 200 and asks for what it was told to accept', async () => {
    await using server = await serve((_, response) => response.end('content'))
    await using http = createHttpClient(anywhere)

    const answer = await http.get(server.url, 'application/vnd.ipld.raw', NEVER)

    expect(Buffer.concat(await collectAll<Buffer>(answer.body)).toString()).to.equal('content')
    expect(answer.contentLength).to.equal(7)
    expect(server.requests[0].headers).to.include({
      accept: 'application/vnd.ipld.raw',
      'accept-encoding': 'identity',
    })
  })

  it('asks for what follows a byte, and says where the body begins', async () => {
    await using server = await serve((_, response) =>
      response.writeHead(206, { 'content-range': 'bytes 4-6/7' }).end('ent'),
    )
    await using http = createHttpClient(anywhere)

    const answer = await http.get(server.url, '*/*', NEVER, 4)

    expect(server.requests[0].headers.range).to.equal('bytes=4-')
    expect([answer.from, Buffer.concat(await collectAll<Buffer>(answer.body)).toString()]).to.deep.equal([4, 'ent'])
  })

  it('says that the body begins at 0 where the server knows no ranges', async () => {
    await using server = await serve((_, response) => response.end('content'))
    await using http = createHttpClient(anywhere)

    expect((await http.get(server.url, '*/*', NEVER, 4)).from).to.equal(0)
  })

  it('refuses another part than the one it asked for', async () => {
    await using server = await serve((_, response) =>
      response.writeHead(206, { 'content-range': 'bytes 5-6/7' }).end('nt'),
    )
    await using http = createHttpClient(anywhere)

    expect((await failureOf(http.get(server.url, '*/*', NEVER, 4), CidUnreachable)).message).to.contain('got 206')
  })

  for (const status of [204, 206, 404, 429, 500]) {
    it(`takes a ${status} as unreachable for now`, async () => {
      await using server = await serve((_, response) => response.writeHead(status).end())
      await using http = createHttpClient(anywhere)

      const error = await failureOf(http.get(server.url, '*/*', NEVER), CidUnreachable)

      expect(error.message).to.equal(`${server.url}: status 200, got ${status}`)
    })
  }

  it('takes a closed port as unreachable for now', async () => {
    const server = await serve((_, response) => response.end())
    await server[Symbol.asyncDispose]()
    await using http = createHttpClient(anywhere)

    expect((await failureOf(http.get(server.url, '*/*', NEVER), CidUnreachable)).message).to.contain('ECONNREFUSED')
  })

  it('follows redirects, relative ones too', async () => {
    await using server = await serve((request, response) =>
      request.url === '/' ? response.writeHead(302, { location: '/there' }).end() : response.end('here'),
    )
    await using http = createHttpClient(anywhere)

    expect((await http.get(server.url, '*/*', NEVER)).url.pathname).to.equal('/there')
  })

  it('gives up after so many redirects', async () => {
    await using server = await serve((_, response) => response.writeHead(302, { location: '/' }).end())
    await using http = createHttpClient(anywhere)

    expect((await failureOf(http.get(server.url, '*/*', NEVER), CidUnreachable)).message).to.contain('got more')
    expect(server.requests).to.have.lengthOf(MAX_REDIRECTS + 1)
  })

  it('ends with its signal', async () => {
    await using server = await serve(() => {})
    await using http = createHttpClient(anywhere)
    const controller = new AbortController()
    const answer = http.get(server.url, '*/*', controller.signal)

    controller.abort(new Error('enough'))

    expect((await failureOf(answer, Error)).message).to.equal('enough')
  })

  describe('private addresses', () => {
    it('never connects to a private IP literal', async () => {
      await using server = await serve((_, response) => response.end())
      await using http = createHttpClient(strict)

      for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]']) {
        await failureOf(http.get(new URL(`http://${host}:${server.port}/`), '*/*', NEVER), PrivateAddress)
      }
      expect(server.requests).to.have.lengthOf(0)
    })

    it('never connects to a name that resolves to one', async () => {
      await using server = await serve((_, response) => response.end())
      await using http = createHttpClient(strict)

      const error = await failureOf(
        http.get(new URL(`http://inside.test:${server.port}/`), '*/*', NEVER),
        PrivateAddress,
      )

      expect(error.message).to.contain('127.0.0.1')
      expect(server.requests).to.have.lengthOf(0)
    })

    for (const [title, location, type] of [
      ['an IP literal', (port: number) => `http://127.0.0.1:${port}/secret`, PrivateAddress],
      ['a name', (port: number) => `http://inside.test:${port}/secret`, PrivateAddress],
      ['another scheme', () => 'file:///etc/passwd', FetchLinkInvalid],
    ] as const) {
      it(`does not follow a public server's redirect to ${title}`, async () => {
        await using server = await serve((_, response) =>
          response.writeHead(307, { location: location(server.port) }).end(),
        )
        await using http = createHttpClient(publicTest)

        await failureOf(http.get(new URL(`http://public.test:${server.port}/`), '*/*', NEVER), type)

        expect(server.requests.map(({ url }) => url)).to.deep.equal(['/'])
      })
    }

    it('connects to the address that was judged: the name is resolved once per connection', async () => {
      let resolved = 0
      const once = createAddressGuard({
        allowPrivate: true,
        resolve: async () => [{ address: resolved++ === 0 ? '127.0.0.1' : '127.0.0.66', family: 4 }],
      })
      await using server = await serve((_, response) => response.end('judged'))
      await using http = createHttpClient(once)

      await http.get(new URL(`http://once.test:${server.port}/`), '*/*', NEVER)

      expect(resolved).to.equal(1)
    })
  })
})
