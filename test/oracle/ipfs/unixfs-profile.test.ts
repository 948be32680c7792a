import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import type { CID } from 'multiformats/cid'
import { describe, it } from 'mocha'
import { importFile, UNIXFS_PROFILES } from '../../../oracle/ipfs/unixfs-profile.ts'
import { tempDir } from './fixtures.ts'

const NEVER = new AbortController().signal
const MIB = 1024 * 1024

const profile = (name: string) => UNIXFS_PROFILES.find((each) => each.name === name)!

async function rootOf(name: string, content: Uint8Array): Promise<string> {
  await using dir = await tempDir()
  const file = join(dir.path, 'file')
  await writeFile(file, content)
  return String(await importFile(file, profile(name), (cid: CID) => Promise.resolve(cid), NEVER))
}

describe('importFile', function () {
  this.timeout(60_000)

  // Published CIDs of `ipfs add`: Kubo's own tests (hello world), and files of zeros as found in many projects' tests.
  for (const [what, name, content, cid] of [
    ['11 bytes', 'unixfs-v0-2015', Buffer.from('hello world'), 'Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD'],
    [
      '11 bytes',
      'ipfs add --cid-version=1',
      Buffer.from('hello world'),
      'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e',
    ],
    [
      '11 bytes',
      'ipfs add --cid-version=1 --raw-leaves=false',
      Buffer.from('hello world'),
      'bafybeihykld7uyxzogax6vgyvag42y7464eywpf55gxi5qpoisibh3c5wa',
    ],
    ['nothing', 'unixfs-v0-2015', Buffer.alloc(0), 'QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH'],
    ['1 MiB', 'unixfs-v0-2015', Buffer.alloc(MIB), 'QmVkbauSDEaMP4Tkq6Epm9uW75mWm136n81YH8fGtfwdHU'],
    [
      '100 MiB, more links than a node has',
      'unixfs-v0-2015',
      Buffer.alloc(100 * MIB),
      'Qmca3PNFKuZnYkiVv1FpcV1AfDUm4qCSHoYjPTBqDAsyk8',
    ],
  ] as const) {
    it(`gives ${what} by ${name} the CID that is published for it`, async () => {
      expect(await rootOf(name, content)).to.equal(cid)
    })
  }

  for (const chunkBytes of [256 * 1024, MIB]) {
    it(`tells profiles of ${chunkBytes} bytes per leaf apart once a file has more leaves than a node has links`, async () => {
      const content = Buffer.alloc(174 * chunkBytes + 1)
      const alike = UNIXFS_PROFILES.filter((each) => each.chunkBytes === chunkBytes)

      const roots = new Set<string>()
      for (const { name } of alike) roots.add(await rootOf(name, content))

      expect(roots.size).to.equal(alike.length)
    })
  }

  it('puts the same blocks in the same order each time', async () => {
    await using dir = await tempDir()
    const file = join(dir.path, 'file')
    await writeFile(file, Buffer.alloc(5 * MIB, 'mooring'))
    const order = async () => {
      const cids: string[] = []
      await importFile(
        file,
        profile('ipfs add --cid-version=1'),
        (cid) => Promise.resolve((cids.push(`${cid}`), cid)),
        NEVER,
      )
      return cids
    }

    const first = await order()

    expect(first).to.have.lengthOf(21)
    expect(await order()).to.deep.equal(first)
  })
})
