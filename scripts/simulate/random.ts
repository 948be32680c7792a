/** Random numbers that are the same for the same seed, on every machine. */
export interface Random {
  /** In [0, 1), of 32 bits. */
  next(): number
  /** An integer in [0, n). */
  below(n: number): number
  /** Exponential with this mean. */
  exponential(mean: number): number
  /** Of the standard normal distribution. */
  normal(): number
}

/** xoshiro128** by David Blackman and Sebastiano Vigna (public domain, prng.di.unimi.it), state filled by splitmix32. */
export function random(...seed: number[]): Random {
  let s = 0
  for (const one of seed) s = splitmix32((s ^ one) >>> 0)
  const words = [1, 2, 3, 4].map(() => (s = splitmix32(s))) as [number, number, number, number]
  const draw = xoshiro128(words)
  const next = () => draw() / 2 ** 32
  return {
    next,
    below: (n) => Math.floor(next() * n),
    exponential: (mean) => -mean * Math.log(1 - next()),
    // Box and Muller's, of which one half is enough
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  }
}

/** The generator itself: words of 32 bits from a state that is not all zero. */
export function xoshiro128([a, b, c, d]: [number, number, number, number]): () => number {
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotate(d, 11)
    return result
  }
}

function splitmix32(x: number): number {
  let z = (x + 0x9e3779b9) | 0
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
  return (z ^ (z >>> 15)) >>> 0
}

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by))
