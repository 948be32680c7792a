import { mutantsOf } from './mutant.ts'

const test = (name: string) => [`filecoin/${name}.test.ts`]

export const FILECOIN_MUTANTS = [
  ...mutantsOf('filecoin/Podsi.sol', test('Podsi'), [
    ['the size of the two trees is not compared', 'if (size != sizeByIndex)', 'if (false && size != sizeByIndex)'],
    [
      'the roots are not compared',
      'if (aggregateDigest != rootByIndex)',
      'if (false && aggregateDigest != rootByIndex)',
    ],
    ['left and right are swapped', 'index & 1 == 0 ? (node, sibling)', 'index & 1 == 1 ? (node, sibling)'],
    ['the index area is one entry larger', 'if (index + entries < total)', 'if (index + entries + 1 < total)'],
    ['an index beyond its path is taken', 'if (proof.index >> length != 0)', 'if (proof.index >> length > 1)'],
    ['the offset of the segment is lost', 'proof.proofSubtree.index * sizePc, sizePc, pair);', '0, sizePc, pair);'],
    ['a path may be one longer', 'if (length > MAX_PATH_LENGTH)', 'if (length > MAX_PATH_LENGTH + 1)'],
    ['zero is a piece size', 'if (!PieceCid.isPieceSize(sizePc))', 'if (sizePc != 0 && !PieceCid.isPieceSize(sizePc))'],
  ]),
  ...mutantsOf('filecoin/Cbor.sol', test('Cbor'), [
    ['-1 is read as 0', 'return negative ? -1 - int64(magnitude)', 'return negative ? -int64(magnitude)'],
    ['trailing bytes are ignored', 'if (cursor.at != cursor.data.length)', 'if (cursor.at > cursor.data.length)'],
    ['a longer form is taken', 'if (argument < smallest)', 'if (argument + 1 < smallest)'],
    ['the sign of an amount is ignored', 'if (negative) revert CborNegative(at);', ''],
    ['any tag is a CID', 'if (tag != CID_TAG)', 'if (tag < CID_TAG)'],
    [
      'an array may be longer',
      'if (actual != expected) revert CborWrongLength',
      'if (actual < expected) revert CborWrongLength',
    ],
  ]),
  ...mutantsOf('filecoin/Cid.sol', test('Cid'), [
    ['bytes after the digest are ignored', '_hold(left <= hashLength, cid, Fault.TrailingBytes);', ''],
    ['any version is taken', '_hold(version == 1,', '_hold(version >= 1,'],
    ['a varint may be one byte longer', 'shift < 7 * MAX_VARINT_LENGTH', 'shift <= 7 * MAX_VARINT_LENGTH'],
  ]),
  ...mutantsOf('filecoin/PieceCid.sol', test('PieceCid'), [
    ['a CID of 40 bytes is taken', 'if (cid.length != LENGTH ||', 'if (cid.length < LENGTH ||'],
    ['any number is a piece size', 'size >= MIN_PIECE_SIZE && size & (size - 1) == 0', 'size >= MIN_PIECE_SIZE'],
  ]),
  ...mutantsOf('filecoin/MarketActor.sol', test('MarketActor'), [
    ['a sector is read as the provider', '_getUint(GET_DEAL_PROVIDER, dealId)', '_getUint(GET_DEAL_SECTOR, dealId)'],
    [
      'start and duration are swapped',
      '(exitCode, term.start, term.duration)',
      '(exitCode, term.duration, term.start)',
    ],
  ]),
  ...mutantsOf('filecoin/ActorCall.sol', test('ActorCall'), [
    ['the call is not read-only', 'READ_ONLY = 1', 'READ_ONLY = 0'],
    [
      'success with nothing is an answer',
      'if (exitCode == 0 && answer.data.length == 0)',
      'if (exitCode == 1 && answer.data.length == 0)',
    ],
  ]),
  ...mutantsOf('filecoin/FilAddress.sol', test('FilAddress'), [
    ['a masked id is never looked up', 'if (!_isMasked(account)) return account;', 'return account;'],
  ]),
]
