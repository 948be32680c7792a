import { getAddress } from 'ethers'
import { z } from 'zod'

/** One environment variable: what it means, what it must look like, what it is when nobody says. */
export interface Variable<T> {
  /** Its name in the environment. */
  name: string
  /** What it is for, in one or two sentences. */
  words: string
  /** What a value must be: ends the sentence "expected …". */
  expected: string
  /** The value, as text, when the environment does not have it; without it the variable is required. */
  fallback?: string
  /** Shown in `.env.example` where there is no fallback. */
  example?: string
  /** Its value is never shown. */
  secret?: boolean
  schema: z.ZodType<T, string>
}

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
)

/** A whole number in [min, max]. */
export function whole(min: number, max = Number.MAX_SAFE_INTEGER): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max))
}

/** A decimal number ≥ `min` of any size. */
export function big(min = 0n): z.ZodType<bigint, string> {
  return z
    .string()
    .regex(/^\d{1,78}$/)
    .transform(BigInt)
    .pipe(z.bigint().min(min))
}

export const flag: z.ZodType<boolean, string> = z.enum(['0', '1']).transform((text) => text === '1')

/** http(s) URLs, comma separated, at least one; without a slash at the end. */
export const urls: z.ZodType<string[], string> = list.pipe(
  z.array(z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''))).min(1),
)

/** Texts, comma separated. */
export const texts: z.ZodType<string[], string> = list

/** Miner ids, comma separated, all different: `f01234` or `t01234`. */
export const miners: z.ZodType<string[], string> = list.pipe(
  z
    .array(z.string().regex(/^[ft]0\d{1,19}$/))
    .min(1)
    .refine((ids) => new Set(ids.map((id) => id.slice(2))).size === ids.length),
)

/** A contract's address, returned with its checksum; a wrong checksum is refused. */
export const address: z.ZodType<string, string> = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((text, context) => {
    try {
      return getAddress(text)
    } catch {
      context.addIssue('checksum')
      return z.NEVER
    }
  })

/** A contract's address, or `none` (null). */
export const optionalAddress: z.ZodType<string | null, string> = z.union([
  z.literal('none').transform((): null => null),
  address,
])

/** Contracts' addresses, comma separated, all different, or `none` (an empty list). */
export const addresses: z.ZodType<string[], string> = z.union([
  z.literal('none').transform((): string[] => []),
  list.pipe(
    z
      .array(address)
      .min(1)
      .refine((all) => new Set(all).size === all.length),
  ),
])

/** The order of secp256k1's group (SEC 2, 2.4.1): keys are 1 to n − 1. */
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

export const privateKey: z.ZodType<string, string> = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/)
  .refine((key) => BigInt(key) > 0n && BigInt(key) < CURVE_ORDER)

/** Multiaddrs, comma separated, or `none`; the ipfs room says whether it can listen there. */
export const multiaddrs: z.ZodType<string[], string> = z.union([
  z.literal('none').transform((): string[] => []),
  list.pipe(z.array(z.string().startsWith('/')).min(1)),
])

/** Where to listen. */
export interface ListenAddress {
  host: string
  port: number
}

/** `host:port` (an IPv6 address in brackets; port 0 is any free one), or `off`: nowhere. */
export const listenAddress: z.ZodType<ListenAddress | undefined, string> = z.union([
  z.literal('off').transform(() => undefined),
  z
    .string()
    .regex(/^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):\d{1,5}$/)
    .transform((text) => {
      const at = text.lastIndexOf(':')
      return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) }
    })
    .refine(({ port }) => port <= 65_535),
])

/** An http(s) URL without a slash at the end, or `none`. */
export const urlOrNone: z.ZodType<string | undefined, string> = z.union([
  z.literal('none').transform(() => undefined),
  z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, '')),
])
