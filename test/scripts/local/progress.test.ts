import { expect } from 'chai'
import { describe, it } from 'mocha'
import { createProgress } from '../../../scripts/local/progress.ts'

const HASH = '0x' + 'ab'.repeat(32)

/** What was written, and a clock that the test moves. */
function screen(kind: { isTTY: boolean; columns?: number }) {
  let written = ''
  let time = 5_000
  const out = { ...kind, write: (text: string) => ((written += text), true) } as NodeJS.WriteStream
  return {
    progress: createProgress(out, () => time),
    pass: (ms: number) => (time += ms),
    text: () => written,
    lines: () => written.trimEnd().split('\n'),
  }
}

describe('createProgress', () => {
  it('tells how long each stage took since the one before', () => {
    const { progress, pass, text } = screen({ isTTY: false })

    pass(1_250)
    progress.done('chain', 'new')
    pass(40)
    progress.done('edge', 'up')

    expect(text()).to.equal('chain         new  (1.3 s)\nedge          up  (0.0 s)\n')
  })

  context('on a terminal', () => {
    it('replaces the line of what is under way, and clears it before the next', () => {
      const { progress, text } = screen({ isTTY: true, columns: 80 })

      progress.under('fetching', '#1 blocks 1/5')
      progress.under('fetching', '#2 blocks 3/9')
      progress.done('pinned', '#2')

      expect(text().split('\r\u001b[K')).to.deep.equal([
        '',
        'fetching      #1 blocks 1/5',
        'fetching      #2 blocks 3/9',
        'pinned        #2  (0.0 s)\n',
      ])
    })

    it('cuts what is under way to the width, so that it never takes two lines', () => {
      const { progress, text } = screen({ isTTY: true, columns: 20 })

      progress.under('fetching', '#1 blocks 1/5, 214 B')

      expect(text()).to.equal('\r\u001b[Kfetching      #1 bl')
    })

    it('breaks what is done between words, under its words, and cuts no hash in two', () => {
      const { progress, lines } = screen({ isTTY: true, columns: 80 })

      progress.done('reported', `#1 vote on pinned in transaction ${HASH}`)

      expect(lines()).to.deep.equal([
        'reported      #1 vote on pinned in transaction',
        `              ${HASH}`,
        '              (0.0 s)',
      ])
    })

    it('lets a word stand out that is wider than the terminal', () => {
      const { progress, lines } = screen({ isTTY: true, columns: 30 })

      progress.done('added', HASH)

      expect(lines()).to.deep.equal([`added         ${HASH}`, '              (0.0 s)'])
    })

    it('leaves a line whole that fits exactly', () => {
      const { progress, lines } = screen({ isTTY: true, columns: 'chain         new  (0.0 s)'.length })

      progress.done('chain', 'new')

      expect(lines()).to.deep.equal(['chain         new  (0.0 s)'])
    })
  })

  context('into a file or a pipe', () => {
    it('keeps each stage on one line and writes no control characters', () => {
      const { progress, text } = screen({ isTTY: false, columns: 40 })

      progress.under('dealing', '#1')
      progress.done('reported', `#1 in transaction ${HASH}`)
      progress.note('stopped')

      expect(text()).to.equal(`dealing       #1\nreported      #1 in transaction ${HASH}  (0.0 s)\nstopped\n`)
    })

    it('tells what is under way at most every two seconds', () => {
      const { progress, pass, lines } = screen({ isTTY: false })

      for (const bytes of [1, 2, 3]) {
        progress.under('adding', `${bytes} B`)
        pass(1_000)
      }

      expect(lines()).to.deep.equal(['adding        1 B', 'adding        3 B'])
    })
  })
})
