import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataDir } from '../lib/paths.ts'
import { LOCAL_EDGE_KEY } from '../local/executor-env.ts'

/** The Edge node to ask: the options, the environment, or the one that `npm start` runs. */
export function edgeNode(options: { edge?: string; edgeKey?: string }): { baseUrl: string; apiKey: string } {
  const baseUrl = options.edge ?? process.env.MOORING_EDGE_URLS?.split(',')[0]
  const apiKey = options.edgeKey ?? process.env.MOORING_EDGE_KEYS?.split(',')[0]
  if (baseUrl) return { baseUrl, apiKey: apiKey ?? '' }
  const file = join(dataDir(), 'local.json')
  if (existsSync(file)) {
    return { baseUrl: (JSON.parse(readFileSync(file, 'utf8')) as { edgeUrl: string }).edgeUrl, apiKey: LOCAL_EDGE_KEY }
  }
  throw Object.assign(new Error('no Edge node is known'), {
    hint: 'Name one with --edge URL --edge-key KEY (or MOORING_EDGE_URLS and MOORING_EDGE_KEYS), or run `npm start`.',
  })
}
