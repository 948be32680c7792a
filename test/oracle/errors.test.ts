import { expect } from 'chai'
import { describe, it } from 'mocha'
import { ConfigError, FAIL_REASONS, MooringError, PermanentError, RetryableError } from '../../oracle/errors.ts'

describe('errors', () => {
  it('lists the fail reasons in the order of the contract', () => {
    expect(FAIL_REASONS).to.deep.equal(['NotFound', 'TooLarge', 'BadContent', 'PieceMismatch', 'DealFailed'])
  })

  it('takes name and code from the subclass and keeps cause and hint', () => {
    class CidUnreachable extends RetryableError {}
    const cause = new Error('dial failed')

    const error = new CidUnreachable('no provider', { cause, hint: 'add a multiaddr' })

    expect(error).to.be.instanceOf(MooringError)
    expect(error).to.include({ name: 'CidUnreachable', code: 'CidUnreachable', hint: 'add a multiaddr', cause })
  })

  it('carries the fail reason of what can never succeed', () => {
    const error = new PermanentError('301 bytes, at most 300', { reason: 'TooLarge', code: 'DagTooLarge' })

    expect(error).to.include({ reason: 'TooLarge', code: 'DagTooLarge', name: 'PermanentError' })
    expect(error).not.to.be.instanceOf(RetryableError)
  })

  it('tells all configuration faults at once', () => {
    const error = new ConfigError(['A is missing', 'B is no URL'])

    expect(error.faults).to.have.lengthOf(2)
    expect(error.message).to.equal('A is missing\nB is no URL')
  })
})
