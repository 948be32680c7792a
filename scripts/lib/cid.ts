import { CID } from 'multiformats/cid'

/** A CID as a person types it. @param expected What else could stand there, for the error. */
export function parseCid(text: string, expected = 'neither a file or directory here nor a CID'): CID {
  try {
    return CID.parse(text)
  } catch (cause) {
    throw new Error(`'${text}' is ${expected}`, { cause })
  }
}
