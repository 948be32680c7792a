import { getAddress, isAddress, isHexString } from 'ethers'
import { z } from 'zod'
import type { Ballot } from './ballot.ts'
import { SUPPORTS } from './names.ts'

const ballotSchema = z.object({
  chainId: z.number().int().positive(),
  dao: z.string().refine(isAddress, 'expected an address').transform(getAddress),
  proposalId: z.string().regex(/^\d{1,78}$/, 'expected a decimal number'),
  voter: z.string().refine(isAddress, 'expected an address').transform(getAddress),
  support: z.enum(SUPPORTS),
  reason: z.string(),
  expiryEpoch: z.number().int().nonnegative(),
  signature: z.string().refine((text) => isHexString(text), 'expected hex digits after 0x'),
})

const fileSchema = z.union([z.array(ballotSchema).min(1), ballotSchema.transform((one) => [one])])

/**
 * The ballots in a file: one, a list of them, or one a line.
 * @throws Error that names the file and what was expected
 */
export function parseBallots(file: string, text: string): Ballot[] {
  const lines = text.trim().split('\n')
  const jsonLines = lines.length > 1 && lines.every((line) => line.startsWith('{') && line.trimEnd().endsWith('}'))
  const parsed = fileSchema.safeParse(jsonLines ? lines.map((line) => read(file, line)) : read(file, text))
  if (parsed.success) return parsed.data
  const [first] = parsed.error.issues
  throw Object.assign(
    new Error(`${file} holds no ballot: ${first!.path.join('.') || 'the file'}: ${first!.message}`, {
      cause: parsed.error,
    }),
    { hint: 'Its voter writes one: npm run mooring -- dao sign PROPOSAL for|against|abstain --out FILE.' },
  )
}

function read(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`${file} is no JSON`, { cause })
  }
}
