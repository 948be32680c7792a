import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { getAddress, parseEther } from 'ethers'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { readAnswers } from '../../scripts/lib/answers.ts'
import { submitRequest } from '../../scripts/lib/submit.ts'
import { servePath, type Served } from '../../scripts/local/keep.ts'
import { LOCAL_KEYS } from '../../scripts/local/keys.ts'
import type { World } from '../../scripts/local/world.ts'
import { runCommand } from '../helpers/command.ts'
import { startQuietWorld, temporaryFolder } from '../helpers/local-network.ts'

const mooring = async (...args: string[]) => {
  const { code, stdout, stderr } = await runCommand('scripts/mooring.ts', args).result
  return { code, stdout, stderr, json: () => JSON.parse(stdout) as Record<string, unknown> }
}
const refused = async (...args: string[]) => {
  const { code, stderr } = await mooring(...args)
  expect(code, stderr).to.equal(1)
  return stderr
}

const [council, storageProviders] = [
  LOCAL_KEYS.council.map(({ address }) => address),
  LOCAL_KEYS.storageProviders.address,
]

describe('npm run mooring -- operator, challenge, council', function () {
  this.timeout(180_000)
  let world: World
  let served: Served
  /** Owners of the operators whose answer is challenged, and who they are. */
  let liars: { id: string; owner: string }[]
  let honest: { id: string; owner: string }

  // Windows that outlast the commands between.
  before(async () => {
    ;({ world } = await startQuietWorld('operator', { terms: { windowEpochs: 3_000, rulingEpochs: 3_000 } }))
    const dir = temporaryFolder('operator-data')
    writeFileSync(join(dir, 'data.txt'), 'what is asked for')
    served = await servePath(join(dir, 'data.txt'), dir, () => {})
    const { id } = await submitRequest(world.connection, world.deployment, served.root, served.fetchLink, {
      ...{ replicas: 1, minTermEpochs: 518_400n, deadlineEpochs: 10_000n, maxBytes: served.carBytes },
      rewardPerReplica: parseEther('0.05'),
    })
    expect(id).to.equal(1n)
    const pinned = async () => (await readAnswers(world.connection, world.deployment, id)).answers[0]
    while (!(await pinned())) await wait(200)
    const { agreeing } = await pinned()
    liars = world.operators.filter(({ owner }) => agreeing.includes(owner))
    honest = world.operators.find(({ owner }) => !agreeing.includes(owner))!
  })

  after(async () => {
    await served?.stop()
    await world?.stop()
  })

  context('while an answer can be challenged', () => {
    it('status says until when', async () => {
      expect((await mooring('status', '1')).stdout).to.match(
        /pinned +2 operators agree \(quorum 2\); can be challenged until epoch \d+ \(\d+ epochs left\)$/m,
      )
    })

    it('operator show tells what the votes lock', async () => {
      const { stdout } = await mooring('operator', 'show', liars[0].id)

      expect(stdout).to.match(new RegExp(`^operator ${liars[0].id} of provider 1 'edge'$`, 'm'))
      expect(stdout).to.match(
        /stake +10\.0 FIL: [12]\.0 FIL locked by votes, [89]\.0 FIL free; the least is 10\.0 FIL$/m,
      )
    })

    it('refute is refused with what to do instead: the chain knows nothing of pins', async () => {
      const words = await refused('refute', '1', 'pinned')

      expect(words).to.include('NotRefuted(id: 1, stage: 0)').and.include('npm run mooring -- challenge ID STAGE')
    })

    it('council vote is refused while nothing is challenged', async () => {
      expect(await refused('council', 'vote', '1', 'upheld')).to.include('no challenge of request #1 is open')
    })

    it('a bond below the least is refused before anything is sent', async () => {
      expect(await refused('challenge', '1', 'pinned', '--bond', '0.1')).to.include(
        '--bond expects at least 0.5 FIL for this answer, got 0.1 FIL',
      )
    })
  })

  context('challenge', () => {
    it('posts the least bond and tells until when the arbiter rules', async () => {
      const { code, stderr, json } = await mooring(
        ...['challenge', '1', 'pinned', '--evidence', 'nobody serves it', '--from', storageProviders, '--json'],
      )

      expect(code, stderr).to.equal(0)
      expect(json()).to.include({ id: '1', stage: 0, bond: String(parseEther('0.5')) })
    })

    it('shows in status, with what the next step is', async () => {
      const { stdout } = await mooring('status', '1')

      expect(stdout).to.match(/pinned +2 operators agree \(quorum 2\); stands still until the challenge is closed$/m)
      expect(stdout).to.match(
        new RegExp(
          `challenge +of pinned by ${storageProviders} with a bond of 0\\.5 FIL; the arbiter rules until epoch \\d+ \\(\\d+ epochs left\\)`,
        ),
      )
    })

    it('cannot be closed before the arbiter has ruled', async () => {
      expect(await refused('resolve', '1'))
        .to.match(/NotRuled\(deadlineEpoch: \d+, currentEpoch: \d+\)/)
        .and.include('try again after its ruling')
    })
  })

  context('council vote', () => {
    it('is for members, who are named', async () => {
      expect(await refused('council', 'vote', '1', 'upheld')).to.include(`its members are ${council.join(', ')}`)
    })

    it('counts each member until the threshold', async () => {
      const { stdout } = await mooring('council', 'vote', '1', 'upheld', '--from', council[0])

      expect(stdout).to.include('voted upheld on pinned of request #1 (1 upheld, 0 rejected): 2 of 3 must agree')
      expect(await refused('council', 'vote', '1', 'rejected', '--from', council[0])).to.include('AlreadyVoted')
    })

    it('closes the challenge with the deciding vote', async () => {
      const { stdout } = await mooring('council', 'vote', '1', 'upheld', '--from', council[2])

      expect(stdout).to.include('(2 upheld, 0 rejected): decided: upheld; request #1 is Refuted')
    })
  })

  context('when an answer was undone', () => {
    it('those that voted for it are slashed and jailed, and told how to go on', async () => {
      for (const { id } of liars) {
        const { stdout } = await mooring('operator', 'show', id)

        expect(stdout).to.match(/standing +Active, but jailed: it cannot vote$/m)
        expect(stdout).to.match(/stake +9\.0 FIL: 0\.0 FIL locked by votes, 9\.0 FIL free/)
        expect(stdout).to.match(/slashed +1\.0 FIL$/m)
        expect(stdout).to.match(/next +jailed: npm run mooring -- operator topup --stake 1\.0$/m)
      }
      expect((await mooring('operator', 'show', honest.id)).stdout).to.match(/slashed +0\.0 FIL$/m)
    })

    it('the challenger gets its bond and half of each slash', async () => {
      const { json } = await mooring('withdraw', '--from', storageProviders, '--json')

      expect(json().amount).to.equal(String(parseEther('0.5') + 2n * parseEther('0.5')))
    })

    it('the requester gets everything back', async () => {
      const { json, stderr, code } = await mooring('refund', '1', '--json')

      expect(code, stderr).to.equal(0)
      expect(json().amount).to.equal(String(parseEther('0.050025390625') + parseEther('0.05')))
    })
  })

  context('operator', () => {
    it('topup ends the jail', async () => {
      const { stdout } = await mooring('operator', 'topup', '--stake', '1', '--from', liars[0].owner)

      expect(stdout).to.include(`operator ${liars[0].id} has a stake of 10.0 FIL now, enough to vote`)
      expect((await mooring('operator', 'show', liars[0].id)).stdout).to.match(/standing +Active: votes on requests/)
    })

    it('join says in one go all that is missing', async () => {
      const words = await refused('operator', 'join', '--stake', '5', '--from', liars[0].owner)

      expect(words)
        .to.include('cannot join yet:')
        .and.include(`${liars[0].owner} has operator ${liars[0].id} there already`)
        .and.include('all 3 seats are taken, by operators 1, 2, 3 (a quorum of 2 allows no more)')
        .and.include('the stake is 5.0 FIL, the least is 10.0 FIL: --stake 10.0')
    })

    it('leave frees the seat and tells when the stake follows', async () => {
      const { stdout } = await mooring('operator', 'leave', '--from', honest.owner)
      expect(stdout).to.match(/its stake of 10\.0 FIL can be withdrawn from epoch \d+ on, in 20160 epochs \(7\.0 days/)

      expect((await mooring('operator', 'show', honest.id)).stdout)
        .to.match(/standing +Unbonding$/m)
        .and.match(/unbonding +until epoch \d+: 20\d{3} epochs \([67]\.\d days at 30 s each\) left$/m)
      expect(await refused('operator', 'withdraw', '--from', honest.owner))
        .to.include('StillUnbonding')
        .and.include(`npm run mooring -- operator show ID`)
    })

    it('join takes the free seat, and accepts for a reporter whose key is here', async () => {
      const { code, stderr, json } = await mooring(
        ...['operator', 'join', '--stake', '12.5', '--from', council[0], '--reporter', council[1]],
        ...['--endpoint', 'https://operator.example', '--json'],
      )

      expect(code, stderr).to.equal(0)
      expect(json()).to.include({
        ...{ operatorId: '4', providerId: '1', reporter: council[1], stake: String(parseEther('12.5')), active: true },
      })
      expect((await mooring('operator', 'show', '4')).stdout).to.match(/endpoint +https:\/\/operator\.example$/m)
    })

    it('rotate names another reporter, which accepts at once if its key is here', async () => {
      const { stdout } = await mooring('operator', 'rotate', '--reporter', council[2], '--from', council[0])

      expect(stdout).to.include(`${council[2]} votes for operator 4 now`)
    })

    it('rotate to a key that is elsewhere leaves the present one voting, and says how to accept', async () => {
      const elsewhere = getAddress('0x00000000000000000000000000000000000a11ce')
      const { stdout } = await mooring('operator', 'rotate', '--reporter', elsewhere, '--from', council[0])
      expect(stdout).to.include(`${council[2]} votes until that key accepts: npm run mooring -- operator accept 4`)

      expect(await refused('operator', 'accept', '4'))
        .to.include(`operator 4 has appointed ${elsewhere}, whose key is not here`)
        .and.include('MOORING_REPORTER_KEY')
    })

    it('accept is refused where nobody is appointed', async () => {
      expect(await refused('operator', 'accept', liars[0].id)).to.include('has appointed nobody')
    })

    it('optin takes the version in force or the announced one only', async () => {
      expect(await refused('operator', 'optin', '7', '--from', council[0]))
        .to.include('BadOptIn(expected: 1, actual: 7)')
        .and.include('operator show')
    })

    it('is refused to who owns none, with what to do', async () => {
      expect(await refused('operator', 'leave', '--from', council[2]))
        .to.include(`${council[2]} owns no operator of provider 1`)
        .and.include('operator join --help')
    })
  })
})
