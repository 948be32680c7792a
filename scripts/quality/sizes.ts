// Prints the runtime size of every contract that is deployed to a real network; fails above FEVM's limit.
import hre from 'hardhat'

/** Bytes; actors/evm/src/interpreter/system.rs MAX_CODE_SIZE (as EIP-170). */
const LIMIT = 24_576

const names = [...(await hre.artifacts.getAllFullyQualifiedNames())].filter(
  (name) => name.startsWith('contracts/') && !name.startsWith('contracts/local/'),
)
let tooLarge = 0
for (const name of names.sort()) {
  const { deployedBytecode } = await hre.artifacts.readArtifact(name)
  const size = (deployedBytecode.length - 2) / 2
  if (size < 200) continue // interfaces and libraries of internal functions have no code of their own
  if (size > LIMIT) tooLarge++
  console.log(`     ${name.split(':')[1]!.padEnd(24)} ${String(size).padStart(6)} B, ${LIMIT - size} B below ${LIMIT}`)
}
process.exitCode = tooLarge === 0 ? 0 : 1
