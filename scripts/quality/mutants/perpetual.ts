import { mutantsOf } from './mutant.ts'

const test = (...names: string[]) => names.map((name) => `perpetual/PerpetualStorage.${name}.test.ts`)
const invariants = ['perpetual/PerpetualStorage.invariant.t.sol']

/** Money and guards of perpetual storage: who may do what when, and who gets how much. */
export const PERPETUAL_MUTANTS = [
  ...mutantsOf('perpetual/Openings.sol', test('claim', 'claim-again'), [
    [
      'a seat is taken at the last epoch of its claim',
      'return _now() > taken.claimBy;',
      'return _now() >= taken.claimBy;',
    ],
    [
      'a replica is closed while evidence may still come',
      '|| _now() >= _releaseEpoch(taken);',
      '|| _now() >= taken.end;',
    ],
    [
      'the window opens one epoch late',
      '_now() + order.terms.renewalEpochs >= taken.end',
      '_now() + order.terms.renewalEpochs > taken.end',
    ],
    ['more replicas are succeeded than wanted', 'if (survey.covered < order.replicas) opening', 'if (true) opening'],
    ['what leaves is a vacancy', 'survey.covered + survey.leaving < order.replicas', 'survey.covered < order.replicas'],
    ['both seats of an idle pair open', '_seatOf(slot) < PAIR_BIT || !_reusable(other)', '_seatOf(slot) < SEATS'],
    [
      'pairs open that no replica was wanted for',
      '(_seatOf(slot) & ~PAIR_BIT) >= order.pairs',
      '_seatOf(slot) >= SEATS',
    ],
    ['the price rises while only the incumbent may', 'if (_now() >= opening.onlyUntil) opening.price', 'opening.price'],
    [
      'the price is rounded up',
      '((order.ceiling - order.price) * elapsed) / window;',
      '((order.ceiling - order.price) * elapsed + window - 1) / window;',
    ],
    ['a successor may be proven at the old end', 'old.end - PerpetualRules.HANDOVER_MARGIN', 'old.end'],
    [
      'a slot opens that cannot have its term before the end',
      'return latest + order.terms.minTermEpochs <= order.endEpoch;',
      'return latest <= order.endEpoch;',
    ],
    ['what the order cannot pay is open', 'if (opening.open && order.free <', 'if (false && order.free <'],
  ]),
  ...mutantsOf('perpetual/Claims.sol', test('claim', 'claim-again'), [
    ['who read an older version may claim', 'if (orderVersion != order.version)', 'if (orderVersion > order.version)'],
    ['a nonce is used twice', 'if (nonce != taken.nonce + 1)', 'if (nonce > taken.nonce + 1)'],
    ['a lower price is taken', 'if (opening.price < minPrice)', 'if (opening.price + 1 < minPrice)'],
    ['too much is put down', 'if (msg.value != order.terms.collateral)', 'if (msg.value < order.terms.collateral)'],
    ['the incumbent loses an epoch', '_now() < opening.onlyUntil)', '_now() + 1 < opening.onlyUntil)'],
    ['any actor is a miner', 'if (!PowerActor.isMiner(provider))', 'if (provider == 0)'],
    [
      'anyone claims for a miner',
      '_requireControlling(provider);\n        IPerpetualOrders.Access',
      'IPerpetualOrders.Access',
    ],
    ['who is listed as unwanted may claim', 'access != IPerpetualOrders.Access.Everyone &&', 'uint8(access) == 1 &&'],
    ['power is not asked for', 'if (raw < required)', 'if (raw == required)'],
    ['a provider of a barred owner may claim', '_requireNotBarred(orderId, order, owner);', ''],
    ['a barred provider may claim', 'if (_now() < untilEpoch)', 'if (_now() == untilEpoch)'],
    ['an owner has two replicas', 'if (other.owner == owner)', 'if (other.owner == 0)'],
    [
      'a provider whose claim lapsed has another at once',
      'bool live = other.state == SlotState.Claimed;',
      'bool live = other.state == SlotState.Claimed && _now() < other.claimBy;',
    ],
    ['a claim inherits the fault of the one before', 'taken.faultSince = 0;', ''],
    ['a claim inherits what the one before earned', 'taken.paid = 0;', ''],
    ['an owner has 65 claims', '>= PerpetualRules.MAX_CLAIMS)', '> PerpetualRules.MAX_CLAIMS)'],
  ]),
  ...mutantsOf('perpetual/Claims.sol', test('closing'), [
    ['a claim is abandoned after its time to fetch', 'if (_now() > lastEpoch)', 'if (_now() > lastEpoch + 1)'],
    [
      'a claim is abandoned rather than lapse',
      'uint64(Math.min(taken.claimedEpoch',
      'uint64(Math.max(taken.claimedEpoch',
    ],
    ['anyone abandons a claim', '_requireControlling(taken.provider);\n        uint64 lastEpoch', 'uint64 lastEpoch'],
    ['a claim lapses at its last epoch', 'if (_now() <= taken.claimBy)', 'if (_now() < taken.claimBy)'],
  ]),
  ...mutantsOf('perpetual/Claims.sol', invariants, [
    ['a claim reserves nothing', 'order.reserved += reserved;', ''],
    ['what a claim reserves stays free', 'order.free -= reserved;', ''],
    ['a collateral is no liability', 'taken.collateral = _hold(msg.value);', 'taken.collateral = uint128(msg.value);'],
  ]),
  ...mutantsOf('perpetual/Closings.sol', invariants, [
    ['abandoning is free', 'Split(taken.collateral - fee, 0, 0)', 'Split(taken.collateral, 0, 0)'],
    ['a lapse bars the provider alone', 'order.barredUntil[taken.owner] = untilEpoch;', ''],
    [
      'the client gains by a lapse',
      'SlotState.Lapsed, Split(0, 0, 0)',
      'SlotState.Lapsed, Split(0, taken.collateral, 0)',
    ],
    ['a bounty goes to the sink', 'taken.collateral - bounty, bounty)', 'taken.collateral - bounty, 0)'],
    [
      'who leaves has the collateral back',
      'Resigned, Split(0, taken.collateral, 0)',
      'Resigned, Split(taken.collateral, 0, 0)',
    ],
    [
      'who stayed to the end loses the collateral',
      'Ended, Split(taken.collateral, 0, 0)',
      'Ended, Split(0, taken.collateral, 0)',
    ],
    ['a closed slot stays reserved', 'order.reserved -= returned;', ''],
    ['a forfeit is nobody’s', 'returned + split.toOrder);', 'returned);'],
  ]),
  ...mutantsOf('perpetual/Closings.sol', test('claim', 'claim-again'), [
    ['closed claims count for ever', '--_openClaims[taken.owner];', '_openClaims[taken.owner] -= 0;'],
  ]),
  ...mutantsOf('perpetual/Closings.sol', test('attacks'), [
    ['a sector is paid for once in all time', '_replicas[key] = goesOn ? slot ^ PAIR_BIT : 0;', ''],
    ['a successor that leaves frees the sector of who is paid', 'goesOn ? slot ^ PAIR_BIT : 0', '0'],
  ]),
  ...mutantsOf('perpetual/Purse.sol', invariants, [
    ['money goes back to a cancelled order', 'order.status == IPerpetualOrders.OrderStatus.Cancelled', 'orderId == 0'],
    ['what comes in is no liability', '_liabilities += amount;', ''],
  ]),
  ...mutantsOf('perpetual/Settling.sol', test('settle', 'settle-end', 'settle-unclear'), [
    ['silence is paid', '_cut(slot, order, taken);\n        (bool dealRuns', '(bool dealRuns'],
    [
      'a slot is settled before its start',
      'if (_now() < taken.provenTo) revert NotStarted',
      'if (slot == 0) revert NotStarted',
    ],
    [
      'a replica is lost at its end',
      'if (_now() >= taken.end) return _finish',
      'if (_now() > taken.end) return _finish',
    ],
    ['a deal that is gone is not lost', 'if (dealGone) return _lose(slot, order, taken);', ''],
    [
      'every order watches deals alone',
      'order.terms.liveness != IPerpetualOrders.Liveness.Deal || !dealRuns',
      '!dealRuns',
    ],
    ['false is true', 'return exitCode == 0 && holds;', 'return exitCode == 0;'],
    ['an exit code is an answer', 'return exitCode == 0 && holds;', 'return exitCode != 0 || holds;'],
    ['a fault is asked for as a death', 'if (status == SectorClaim.Faulty) asked = MinerActor.SECTOR_FAULTY;', ''],
    ['a replica is evicted an epoch late', '>= order.terms.evictEpochs', '> order.terms.evictEpochs'],
    [
      'faulty time is paid',
      '_returnUpTo(slot, order, taken, _now());\n        if (taken.faultSince == 0)',
      '_payUpTo(slot, order, taken, _now());\n        if (taken.faultSince == 0)',
    ],
    [
      'the time before a recovery is paid',
      'taken.faultSince = 0;\n        _returnUpTo(',
      'taken.faultSince = 0;\n        _payUpTo(',
    ],
    ['every fault is the first', 'if (taken.faultSince == 0) {', 'if (taken.faultSince != 1) {'],
    ['a faulty tail is paid', 'if (done && taken.faultSince == 0)', 'if (done)'],
    ['the end needs no evidence', 'if (!done && _now() < _releaseEpoch(taken))', 'if (false)'],
    ['any word is evidence at the end', 'status == SectorClaim.Active && _holds', '_holds'],
    ['a deal that was never activated runs', 'exitCode != 0 || activation.activated <= 0', 'exitCode != 0'],
    [
      'an unclear market is no hindrance',
      'if (exitCode != 0 || activation.activated <= 0) revert',
      'if (activation.activated < 0) revert',
    ],
  ]),
  ...mutantsOf('perpetual/Settling.sol', test('closing'), [
    [
      'a provider resigns at its end',
      'if (_now() >= taken.end) revert TermOver',
      'if (_now() > taken.end) revert TermOver',
    ],
    [
      'anyone resigns for a provider',
      '_requireControlling(taken.provider);\n        if (_now() >= taken.end)',
      'if (_now() >= taken.end)',
    ],
    [
      'a replica is released early',
      'if (_now() < _releaseEpoch(taken)) revert NotReleasable',
      'if (_now() + 1 < _releaseEpoch(taken)) revert NotReleasable',
    ],
    [
      'nothing is cut as something',
      'if (_cut(slot, order, taken) == 0) revert',
      'if (_cut(slot, order, taken) == 1) revert',
    ],
  ]),
  ...mutantsOf('perpetual/Settling.sol', invariants, [
    ['time after the end is cut', 'uint64(Math.min(_now(), taken.end))', '_now()'],
    ['what is paid stays reserved', 'order.reserved -= amount;\n        _earned', '_earned'],
    ['what is paid is not earned', '_earned[taken.provider] += amount;', ''],
    ['what is cut stays reserved', 'order.reserved -= amount;\n        _giveBack', '_giveBack'],
  ]),
  ...mutantsOf('perpetual/Proving.sol', test('prove*', 'attacks'), [
    ['a claim is proven too late', 'if (_now() > taken.claimBy)', 'if (_now() > taken.claimBy + 1)'],
    ['a deal may start after the claim', 'if (start > taken.claimBy)', 'if (start > taken.claimBy + 1)'],
    [
      'an old label names the slot',
      'if (ok && labelled == slot && nonce == taken.nonce) return;',
      'if (ok && labelled == slot) return;',
    ],
    ['another’s deal is taken', 'if (!_isControlling(taken.provider)) revert', 'if (dealId == 0) revert'],
    [
      'the sector of a deal is not looked at',
      'if (order.terms.liveness == IPerpetualOrders.Liveness.Sector) _requireActive',
      'if (dealId == 0) _requireActive',
    ],
    ['a faulty sector is active', 'if (exitCode != 0 || !active) revert', 'if (exitCode != 0) revert'],
    [
      'a provider that succeeds itself is paid twice',
      'if (_succeedsItself(taken, old)) start = uint64(Math.max(start, old.end));',
      'old;',
    ],
    ['a slot runs beyond the order’s end', 'if (taken.orderEnd != 0) end =', 'if (taken.orderEnd == 1) end ='],
    ['a term is one epoch short', 'if (term < order.terms.minTermEpochs)', 'if (term + 1 < order.terms.minTermEpochs)'],
    ['a replica is paid twice', 'if (holder != 0 && !handedOver) revert', 'if (slot == 0) revert'],
  ]),
  ...mutantsOf('perpetual/Proving.sol', invariants, [
    ['what a term leaves over stays reserved', 'order.reserved -= returned;', ''],
    ['what a term leaves over is nobody’s', '_giveBack(_orderIdOf(slot), order, returned);', ''],
  ]),
  ...mutantsOf('perpetual/Callbacks.sol', test('authenticate', 'notifyDeal', 'sectorContentChanged'), [
    ['anyone tells of deals', '_hold(msg.sender == FilAddress.mask(MarketActor.ID), ', '_hold(true, '],
    [
      'a deal with a price is signed',
      'proposal.pricePerEpoch == 0 && proposal.clientCollateral == 0',
      'proposal.clientCollateral == 0',
    ],
    [
      'a deal with the client’s collateral is signed',
      'proposal.pricePerEpoch == 0 && proposal.clientCollateral == 0',
      'proposal.pricePerEpoch == 0',
    ],
    ['a verified deal is signed', '_hold(!proposal.verified, ', '_hold(true, '],
    ['a second deal takes the place of the first', '|| taken.kind != IPerpetualSlots.Kind.None) return;', ') return;'],
    ['any native account is a miner', '|| !PowerActor.isMiner(miner)) revert', ') revert'],
    ['a miner tells of another’s claim', '|| _slots[slot].provider != miner ||', '||'],
    [
      'data cap is taken',
      'if (method == RECEIVE) revert DatacapRefused();',
      'if (method == RECEIVE) return (0, 0, "");',
    ],
  ]),
  ...mutantsOf('perpetual/Orders.sol', test('open', 'orders'), [
    ['anyone changes an order', 'if (msg.sender != order.client)', 'if (order.client == address(0))'],
    ['an attoFIL of the deposit is missing', 'if (msg.value < required)', 'if (msg.value + 1 < required)'],
    ['what is reserved is withdrawn', 'if (amount > order.free)', 'if (amount > order.free + order.reserved)'],
    ['what a cancelled order had stays free', 'order.free = 0;', ''],
    ['one client has two names', 'return _open(FilAddress.normalise(client), asked);', 'return _open(client, asked);'],
    [
      'a cancelled order is changed',
      'if (order.status == OrderStatus.Cancelled) revert',
      'if (order.status == OrderStatus.None) revert',
    ],
  ]),
  ...mutantsOf('perpetual/Accounts.sol', test('accounts'), [
    ['a credit is paid twice', '_credits[account] = 0;', ''],
    ['pay is paid twice', '_earned[provider] = 0;', ''],
    [
      'who asks is paid',
      'FilAddress.normalise(FilAddress.mask(_ownerOf(provider)));',
      'msg.sender; _ownerOf(provider);',
    ],
    [
      'a payment that fails is not noticed',
      'if (!LowLevelCall.callNoReturn(account, amount, ""))',
      'if (!LowLevelCall.callNoReturn(account, amount, "") && amount == 0)',
    ],
  ]),
  ...mutantsOf('perpetual/PerpetualStorage.sol', test('batch'), [
    [
      'a batch has any length',
      'if (calls.length > PerpetualRules.MAX_CALLS)',
      'if (calls.length > PerpetualRules.MAX_CALLS + 1)',
    ],
    ['a batch may do less than was named', 'if (count < minDone)', 'if (count + 1 < minDone)'],
  ]),
]
