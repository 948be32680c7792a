import { existsSync, readFileSync } from 'node:fs'
import { dirname, posix, resolve } from 'node:path'
import type { CompilerInput } from './artifacts.ts'

/** The Solidity sources that `roots` import, directly or not, and themselves; in the names of the compiler. */
export function sourcesOf({ sources, settings }: CompilerInput, roots: readonly string[]): Set<string> {
  const found = new Set<string>()
  const visit = (name: string) => {
    if (found.has(name)) return
    const source = sources[name]
    if (!source) throw new Error(`expected the source ${name} among what Hardhat compiled, it is not there`)
    found.add(name)
    for (const [, path] of source.content.matchAll(/^\s*import\b[^;]*?["']([^"']+)["'][^;]*;/gm)) {
      visit(path!.startsWith('.') ? posix.join(dirname(name), path!) : remap(name, path!, settings.remappings ?? []))
    }
  }
  roots.forEach(visit)
  return found
}

/** A remapping is `context:prefix=target`; the longest context counts, then the longest prefix. */
function remap(importer: string, path: string, remappings: readonly string[]): string {
  const fitting = remappings
    .map((remapping) => /^(?:(.*?):)?([^=]*)=(.*)$/.exec(remapping)!)
    .map(([, context = '', prefix, target]) => ({ context, prefix: prefix!, target: target! }))
    .filter(({ context, prefix }) => importer.startsWith(context) && path.startsWith(prefix))
    .sort((a, b) => b.context.length - a.context.length || b.prefix.length - a.prefix.length)
  return fitting[0] ? fitting[0].target + path.slice(fitting[0].prefix.length) : path
}

/** The TypeScript files that `root` imports by a relative path, directly or not, and itself. Generated types are left out. */
export function modulesOf(root: string, found = new Set<string>()): Set<string> {
  if (found.has(root) || !existsSync(root)) return found
  found.add(root)
  for (const [, path] of readFileSync(root, 'utf8').matchAll(/\bfrom '(\.[^']+\.ts)'/g)) {
    modulesOf(resolve(dirname(root), path!), found)
  }
  return found
}
