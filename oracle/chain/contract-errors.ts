import { Interface } from 'ethers'
import {
  COLLECTION_ABI,
  DAO_TREASURY_ABI,
  DATA_DAO_ABI,
  ORACLE_REGISTRY_ABI,
  PERPETUAL_STORAGE_ABI,
  PINNING_REQUESTS_ABI,
} from './abi.ts'

const ALL = [
  ...[...ORACLE_REGISTRY_ABI, ...PINNING_REQUESTS_ABI, ...PERPETUAL_STORAGE_ABI],
  ...[...DATA_DAO_ABI, ...DAO_TREASURY_ABI, ...COLLECTION_ABI],
]

/** Every custom error that a call of the contracts can revert with. */
export const CONTRACT_ERRORS: string[] = [...new Set(ALL.filter((line) => line.startsWith('error ')))]

export const contractErrors = new Interface(CONTRACT_ERRORS)
