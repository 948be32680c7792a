// Runs a command of this project under a Node that its tool chain supports: `node scripts/run.mjs <command> [arguments]`.
// Plain JavaScript on purpose: it is the one file that an old Node reads, and it runs before anything is installed.
import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const OWN_NODE = '24.21.0'
const OLDEST = [22, 19] // undici 8 (under helia) asks for 22.19; hardhat 3 for 22.13

const root = fileURLToPath(new URL('..', import.meta.url))
const toolNode = join(root, '.tools', 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const say = (line) => process.stderr.write(`setup: ${line}\n`)

function npmCli() {
  if (process.env.npm_execpath) return process.env.npm_execpath
  return join(execFileSync('npm', ['root', '-g'], { encoding: 'utf8' }).trim(), 'npm', 'bin', 'npm-cli.js')
}

function npm(node, args, env) {
  try {
    execFileSync(node, [npmCli(), ...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      env,
      stdio: ['ignore', 2, 2],
    })
  } catch {
    say(`npm ${args[0]} did not succeed (its reason is above). Check the network, then run the same command again.`)
    process.exit(1)
  }
}

const [major, minor] = process.versions.node.split('.').map(Number)
const tooOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])
const env = { ...process.env, HARDHAT_DISABLE_TELEMETRY: 'true' }
const node = tooOld ? toolNode : process.execPath

if (tooOld) {
  const manifest = join(root, '.tools', 'node_modules', 'node', 'package.json')
  const have = existsSync(toolNode) && existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version
  if (have !== OWN_NODE) {
    say(
      `Node ${process.versions.node} is too old here (needs ${OLDEST.join('.')}); fetching Node ${OWN_NODE} from npm into .tools/`,
    )
    npm(process.execPath, ['install', '--prefix', join(root, '.tools'), '--no-save', `node@${OWN_NODE}`], env)
  }
  env.PATH = dirname(toolNode) + delimiter + env.PATH
}
env.PATH = join(root, 'node_modules', '.bin') + delimiter + env.PATH

const stamp = join(root, 'node_modules', '.installed')
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(tooOld ? OWN_NODE : 'own')
  .digest('hex')
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  say('installing the npm packages (once; about a minute)')
  npm(node, ['ci'], env)
  writeFileSync(stamp, wanted)
}

const [command, ...args] = process.argv.slice(2)
const child = spawn(command === 'node' ? node : command, args, { cwd: root, env, stdio: 'inherit' })
// A terminal's ^C reaches the whole group: the child answers it and we wait for its exit code. Any other sender's does not.
process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', (error) => {
  say(`cannot run ${command}: ${error.message}`)
  process.exit(127)
})
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
