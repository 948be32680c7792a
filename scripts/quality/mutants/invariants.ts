import { mutantsOf } from './mutant.ts'

const registry = ['oracle/OracleRegistry.invariant.t.sol']
const pinning = ['pinning/PinningRequests.invariant.t.sol']

/** What the invariants alone must find, by random calls: each of their sentences is broken at least once. */
export const INVARIANT_MUTANTS = [
  // the balance is what is owed and what was forced in
  ...mutantsOf('oracle/Withdrawals.sol', registry, [
    ['a payment leaves its liability behind', '_liabilities -= uint128(amount);', ''],
    ['a credit is there after it was paid', '_credits[account] = 0;', ''],
  ]),
  // liabilities are escrows, pending fees, stakes, open bonds and credits
  ...mutantsOf('oracle/Operators.sol', registry, [
    [
      'stake is no liability',
      'operator.stake = uint96(stake);\n        _hold(msg.value);',
      'operator.stake = uint96(stake);',
    ],
    ['locked stake is withdrawn', 'amount = operator.stake - operator.locked;', 'amount = operator.stake;'],
    [
      'stake leaves before the unbonding period',
      'if (block.number < operator.unbondedEpoch)',
      'if (block.number == 0)',
    ],
  ]),
  ...mutantsOf('oracle/Challenges.sol', registry, [
    [
      'a bond is no liability',
      'last.bond = uint96(msg.value);\n        _hold(msg.value);',
      'last.bond = uint96(msg.value);',
    ],
    // who gets how much
    ['a challenger gets the whole slash', 'uint256 half = slash / 2;', 'uint256 half = slash;'],
    ['what a bond does not divide into is kept', '_credit(_sink, id, open.bond - paid);', ''],
    ['a silent arbiter costs the challenger nothing', 'ruling, open.bond - paid, paid);', 'ruling, open.bond, paid);'],
    [
      'a silent arbiter costs stake',
      'if (ruling == IOracleChallenges.Ruling.Upheld) _slash(',
      'if (!open || open) _slash(',
    ],
    ['dissenters are slashed too', 'if (!agreed) continue;', ''],
    [
      'later answers stand when an earlier one is undone',
      'asked.answered = stage;',
      'asked.answered = uint8(answered);',
    ],
    ['what an undone answer had pending is lost', 'asked.deposit += uint96(refunded);', ''],
    ['a bond need not cover later stages', '_pendingFrom(id, asked, stage);\n        Config', '0;\n        Config'],
    [
      'a stage is challenged again',
      'if ((asked.challengedStages >> stage) & 1 != 0)',
      'if (asked.challengedStages == 255)',
    ],
    ['what is mature is challenged', 'if (block.number > matureEpoch)', 'if (block.number > matureEpoch + 1)'],
    [
      'a ruling counts after its deadline',
      'block.number <= open.deadlineEpoch',
      'block.number <= open.deadlineEpoch + 1',
    ],
    [
      'what an arbiter says besides is a ruling',
      'return IOracleChallenges.Ruling.None;',
      'return IOracleChallenges.Ruling.Rejected;',
    ],
    [
      'what the evidence does not show is refuted',
      '.refutes(asked.job, stage, data, ballot.answeredEpoch)',
      '.refutes(asked.job, stage, data, 0) && stage > 7',
    ],
    // locks
    [
      'votes on the awaited stage stay locked when the request is undone',
      'if (open) _unlock(id, asked, answered);',
      '',
    ],
    // no answer is mature before the one it follows
    [
      'a challenge freezes what is before it only',
      'j < answered; ++j) {\n            Ballot storage ballot',
      'j < answered && j <= open.stage; ++j) {\n            Ballot storage ballot',
    ],
  ]),
  // locked is the slash of each vote that is not settled
  ...mutantsOf('oracle/Endings.sol', registry, [
    ['an expired request keeps its votes locked', '_unlock(id, asked, asked.answered);', ''],
    // never a vote and a refund at one epoch; one ending
    [
      'a refund is possible while votes are',
      'if (block.number <= asked.deadlineEpoch)',
      'if (block.number < asked.deadlineEpoch)',
    ],
    ['an expired request goes on', 'asked.state = RequestState.Expired;', ''],
    [
      'cancelling takes the stage in progress out of nothing',
      'if (atIt.length != 0) asked.deposit -= uint96(_payInProgress(id, asked, stage, atIt));',
      'if (atIt.length != 0) _payInProgress(id, asked, stage, atIt);',
    ],
    ['one voter is paid for a whole quorum', 'if (atIt.length < quorum) fee =', 'if (atIt.length > quorum) fee ='],
    [
      'the stage in progress is paid before the answer it stands on is final',
      'if (asked.settled == stage) fee = _creditEqually',
      'if (asked.settled <= stage) fee = _creditEqually',
    ],
  ]),
  ...mutantsOf('oracle/RequestBook.sol', registry, [
    ['a settled vote stays locked', 'if (slash != 0) operator.locked -= slash;', ''],
    [
      'what a challenge holds up matures',
      'return !asked.challenged || matureEpoch < _challenges[id].openedEpoch;',
      'return true;',
    ],
    [
      'an answer is final one epoch early',
      'if (block.number <= matureEpoch) return false;',
      'if (block.number < matureEpoch) return false;',
    ],
    [
      'a failure pays like an answer',
      'return quorum * job.failureFee;',
      'return _stageFee(job, quorum, asked.mebibytes, stage);',
    ],
  ]),
  ...mutantsOf('oracle/OracleRegistry.sol', registry, [
    // never two votes of one operator
    ['a vote counts twice', 'if (ballot.hasVoted(operatorId))', 'if (false && ballot.hasVoted(operatorId))'],
    // stages in order
    [
      'a stage is answered before its turn',
      'if (stage != asked.answered) revert',
      'if (stage > asked.answered + 1) revert',
    ],
    [
      'a vote is taken while a challenge is open',
      '_requireNoChallenge(id, asked);\n        if (block.number > asked.deadlineEpoch)',
      'if (block.number > asked.deadlineEpoch)',
    ],
    [
      'a vote is taken after the deadline',
      'if (block.number > asked.deadlineEpoch)',
      'if (block.number > asked.deadlineEpoch + 1)',
    ],
    ['a vote locks nothing', 'operator.locked = locked + slash;', ''],
    ['an answer is delivered at its quorum unasked', 'if ((final_ || asked.early) &&', 'if ('],
  ]),
  ...mutantsOf('oracle/OperatorBook.sol', registry, [
    // fewer than two quorums
    ['who joined in the epoch of asking votes', 'return operator.since < epoch;', 'return operator.since <= epoch;'],
  ]),
  ...mutantsOf('oracle/Ballots.sol', registry, [
    ['votes for other answers count', 'if (uint8(_vote(ballot, i)) == index) ++count;', '++count;'],
  ]),
  // a request's deals and providers are distinct, and each passed every check
  ...mutantsOf('pinning/PinningBook.sol', pinning, [
    ['one provider holds two replicas', 'if (counted.providerId == providerId)', 'if (counted.providerId == 0)'],
  ]),
  ...mutantsOf('filecoin/DealCheck.sol', pinning, [
    ['a deal that never began counts', 'if (actual.activated <= 0)', 'if (actual.activated < -1)'],
    [
      'another deal than the one of the piece counts',
      'if (actual.digest != digest || actual.size != size)',
      'if (actual.size > 1 << 60)',
    ],
  ]),
  ...mutantsOf('pinning/PinningRequests.sol', pinning, [
    ['a market actor that anybody made is believed', 'if (marketActorId != MarketActor.ID)', 'if (marketActorId == 0)'],
  ]),
]
