import type { StorageTerms } from '../chain/dao.ts'

/** Storage terms as the tables keep them: JSON with decimal numbers. */
export const writeTerms = (terms: StorageTerms): string =>
  JSON.stringify(terms, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))

export function readTerms(json: string): StorageTerms {
  const terms = JSON.parse(json) as {
    [Name in keyof StorageTerms]: StorageTerms[Name] extends bigint ? string : StorageTerms[Name]
  }
  const { pieceSize, termEpochs, deadlineEpochs, price, budget } = terms
  return {
    ...terms,
    ...{ pieceSize: BigInt(pieceSize), termEpochs: BigInt(termEpochs), deadlineEpochs: BigInt(deadlineEpochs) },
    ...{ price: BigInt(price), budget: BigInt(budget) },
  }
}
