import { Writable } from 'node:stream'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { createLogger, tell } from '../../oracle/logger.ts'

function capture() {
  const lines: Record<string, unknown>[] = []
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString().split('\n').filter(Boolean)) {
        lines.push(JSON.parse(line) as Record<string, unknown>)
      }
      done()
    },
  })
  return { lines, destination }
}

describe('logger', () => {
  it('prints progress as one JSON line with a stable event name', () => {
    const { lines, destination } = capture()

    tell(createLogger('info', destination), 'packed', '7', { pieceCid: 'baga…', pieceSize: '2048', carBytes: '1700' })

    expect(lines).to.have.lengthOf(1)
    expect(lines[0]).to.include({ event: 'packed', requestId: '7', pieceCid: 'baga…', pieceSize: '2048', level: 30 })
  })

  it('warns of a failure', () => {
    const { lines, destination } = capture()

    tell(createLogger('warn', destination), 'failed', '7', { reason: 'NotFound' })
    tell(createLogger('warn', destination), 'pinned', '7')

    expect(lines.map(({ event, level }) => [event, level])).to.deep.equal([['failed', 40]])
  })
})
