/** What a difference is about, which decides what to do. */
export type FactKind = 'chain' | 'code' | 'source' | 'wiring' | 'governance' | 'rules' | 'council' | 'operator'

export interface Fact {
  kind: FactKind
  what: string
  expected: string
  actual: string
}

/** What to do about a difference, for each kind. */
export const MEND: Record<FactKind, string> = {
  chain:
    'the endpoint serves another chain: correct its URL (MOORING_RPC_URL, MOORING_CALIBRATION_RPC_URL or MOORING_MAINNET_RPC_URL)',
  code: 'the file does not name these contracts: restore it from version control, or deploy anew with `npm run deploy -- --force`',
  source: 'the chain runs other sources: check out the commit that was deployed; new code needs a new deployment',
  wiring: 'a contract was deployed for another registry or provider: ask nothing of it, and deploy anew with --force',
  governance:
    'the provider can be changed faster or by others than the file says: leave it (`npm run mooring -- operator leave`) or ask its governor before you join',
  rules:
    'another version of the rules is in force: read `npm run mooring -- operator show`; if you agree, set configVersion in the file and the terms in scripts/deploy/edge-provider.ts',
  council:
    'challenges are ruled on by others than the file says: correct `council` in the file if you trust them, otherwise leave',
  operator:
    'if its owner rotated the reporter or left, correct the file; if it is jailed or not active, `npm run mooring -- operator show ID` says what is missing',
}

/** A list of facts, and what adds one to it. */
export function createFacts() {
  const facts: Fact[] = []
  const fact = (kind: FactKind, what: string, expected: unknown, actual: unknown): void => {
    facts.push({ kind, what, expected: String(expected), actual: String(actual) })
  }
  return { facts, fact }
}

export const differs = ({ expected, actual }: Fact): boolean => expected !== actual
