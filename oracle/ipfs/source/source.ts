import type { CID } from 'multiformats/cid'

/** Somewhere that blocks can be fetched from. What it gives is not yet checked against the CID. */
export interface Source extends AsyncDisposable {
  /**
   * @throws {CidUnreachable} it cannot give the block now
   * @throws {PermanentError} it never will
   */
  fetch(cid: CID, signal: AbortSignal): Promise<Uint8Array>
}
