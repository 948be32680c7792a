import { mutantsOf } from './mutant.ts'

const of = (...topics: string[]) => topics.map((topic) => `oracle/OracleRegistry.${topic}.test.ts`)

export const ORACLE_MUTANTS = [
  ...mutantsOf('oracle/OracleRegistry.sol', of('locks', 'operators'), [
    ['a jailed operator votes', 'if (stake < config.minStake)', 'if (stake == 0 && config.minStake != 0)'],
    ['stake is bound twice', 'if (stake - locked < slash)', 'if (stake < slash)'],
  ]),
  ...mutantsOf('oracle/OracleRegistry.sol', of('report*', 'quorum', 'states', 'freeze', 'attacks*'), [
    [
      'a vote is taken one epoch late',
      'if (block.number > asked.deadlineEpoch)',
      'if (block.number > asked.deadlineEpoch + 1)',
    ],
    ['any stage can be voted on', 'if (stage != asked.answered) revert', 'if (stage > asked.answered + 9) revert'],
    ['an operator may vote twice', 'if (ballot.hasVoted(operatorId))', 'if (false && ballot.hasVoted(operatorId))'],
    ['one vote fewer is a quorum', 'if (count < config.quorum) return', 'if (count + 1 < config.quorum) return'],
    ["another provider's operator may vote", 'operator.providerId != asked.providerId ||', ''],
    ['a stage is answered and stays in escrow', 'asked.deposit -= uint96(_awaitedFee(asked));', ''],
    ['a failure leaves the request open', 'asked.state = RequestState.Failed;', ''],
    ['a failure refunds nothing', '_credit(asked.requester, id, asked.deposit);', ''],
    ['a failure costs nothing', 'asked.deposit -= uint96(_feeOf(id, asked, stage));', ''],
    [
      "the requester's stage can be voted",
      'if (ok && _requesterConcludes(asked, stage))',
      'if (false && _requesterConcludes(asked, stage))',
    ],
    [
      'an answer is as long as one likes',
      'if (data.length > MAX_ANSWER_BYTES)',
      'if (data.length > 2 * MAX_ANSWER_BYTES)',
    ],
    ['any batch is taken', 'if (reports.length > MAX_REPORTS)', 'if (reports.length > 2 * MAX_REPORTS)'],
    ['a vote that ran out of gas is refused for good', '            _requireGas(available, reason);\n', ''],
    [
      'a failure is delivered as an answer',
      '_afterQuorum(id, asked, stage, false, data);',
      '_afterQuorum(id, asked, stage, true, data);',
    ],
  ]),
  ...mutantsOf('oracle/Ballots.sol', of('quorum', 'report', 'agreeing*', 'views'), [
    ['dissenters count as agreeing', 'return (vote >> 8, uint8(vote) == ballot.winner);', 'return (vote >> 8, true);'],
    ['the fourth vote is lost', 'else ballot.moreVotes[voteCount - FIRST_VOTES] = vote;', ''],
    [
      'a new answer counts for the first one',
      'ballot.answerCount = answerCount + 1;\n        return answerCount;',
      'ballot.answerCount = answerCount + 1;\n        return 0;',
    ],
  ]),
  ...mutantsOf('oracle/Asking.sol', of('request', 'early'), [
    ['a fee of any size is taken', 'if (msg.value != fee)', 'if (msg.value < fee)'],
    [
      'a deadline one epoch too soon is taken',
      'if (deadlineEpoch < earliestEpoch)',
      'if (deadlineEpoch + 1 < earliestEpoch)',
    ],
    [
      'a deadline in the far future is taken',
      'if (deadlineEpoch > latestEpoch)',
      'if (deadlineEpoch > latestEpoch + 1)',
    ],
    ['a request that nobody can answer is taken', 'if (eligible < quorum)', 'if (eligible + 1 < quorum)'],
    ['anyone may have answers early', 'if (msg.sender != asked.requester)', 'if (msg.sender == address(0))'],
  ]),
  ...mutantsOf('oracle/Endings.sol', of('endings*', 'states', 'freeze', 'locks'), [
    [
      'a refund is possible at the deadline',
      'if (block.number <= asked.deadlineEpoch)',
      'if (block.number < asked.deadlineEpoch)',
    ],
    ['a refund leaves the request open', 'asked.state = RequestState.Expired;', ''],
    ['concluding pays nobody', '_creditEqually(_agreeing(_ballots[id][stage - 1]), id, fee);', ''],
    [
      'cancelling pays no stage in progress',
      'if (atIt.length != 0) asked.deposit',
      'if (atIt.length > 99) asked.deposit',
    ],
    ['cancelling pays one voter what a quorum earns', 'if (atIt.length < quorum) fee', 'if (atIt.length == 99) fee'],
    [
      'cancelling pays the stage in progress before the answer that it builds on is final',
      'if (asked.settled == stage) fee',
      'if (asked.settled != 99) fee',
    ],
    ['any stage can be concluded', '&& stage + 1 == job.stageCount', ''],
    [
      'concluding does not wait for the answer before',
      'if (!_isFinal(id, asked, stage - 1)) revert',
      'if (stage == 0) revert',
    ],
    [
      'a request under challenge is refunded, cancelled, concluded',
      'if (asked.challenged) revert',
      'if (asked.challenged && block.number == 0) revert',
    ],
  ]),
  ...mutantsOf('oracle/Withdrawals.sol', of('credits'), [
    ['a credit is paid twice', '_credits[account] = 0;', ''],
    ['what was paid stays a liability', '_liabilities -= uint128(amount);', ''],
    [
      'a payment that fails is not noticed',
      'if (!LowLevelCall.callNoReturn(account, amount, ""))',
      'if (!LowLevelCall.callNoReturn(account, amount, "") && amount == 0)',
    ],
    [
      'an alias has a credit of its own',
      'return _withdraw(FilAddress.normalise(account));',
      'return _withdraw(account);',
    ],
  ]),
  ...mutantsOf('oracle/Deliveries.sol', of('deliver', 'sync', 'early', 'callback'), [
    ['any data is delivered', 'if (actual != expected) revert', 'if (actual == bytes32(0)) revert'],
    [
      'a stage is delivered out of order',
      'if (stage != asked.delivered) revert',
      'if (stage < asked.delivered) revert',
    ],
    [
      'an answer that is not final is delivered',
      'if (!asked.early) _requireFinal',
      'if (false && !asked.early) _requireFinal',
    ],
    ['what is delivered is not settled', '        _settleFinal(id, asked);\n        _callBack', '        _callBack'],
  ]),
  ...mutantsOf('oracle/Callbacks.sol', of('callback', 'deliver', 'early', 'undone'), [
    [
      'a callback that failed counts as made',
      '_ballots[id][stage].deliveryFailed = true;',
      'asked.delivered = stage + 1;',
    ],
    [
      'a requester is told of the wrong stage',
      'onOracleAnswerCancelled, (id, stage)',
      'onOracleAnswerCancelled, (id, stage + 1)',
    ],
  ]),
  ...mutantsOf(
    'oracle/BoundedCall.sol',
    ['oracle/BoundedCall.test.ts', 'oracle/OracleRegistry.callback.test.ts'],
    [['a callback may be starved of gas', 'if (available < required)', 'if (available < required / 4)']],
  ),
  ...mutantsOf(
    'oracle/Challenges.sol',
    of('challenge', 'resolve', 'refute', 'undone', 'arbiter', 'equations', 'attacks.challenges'),
    [
      ['a settled answer is challenged', '|| stage < asked.settled) revert', ') revert'],
      ['a challenge needs no window', '        _requireWindow(id, stage);\n', ''],
      ['a stage can be challenged over and over', 'asked.challengedStages |= uint8(1 << stage);', ''],
      ['any bond will do', 'if (msg.value < required)', 'if (msg.value == 0)'],
      ['the minimum of a bond is forgotten', 'pending < config.minBond ? config.minBond : pending', 'pending'],
      [
        'a bond stays when it was lost',
        '_close(id, asked, open, ruling, 0, paid);',
        '_close(id, asked, open, ruling, open.bond, paid);',
      ],
      [
        'the deadline runs under a challenge',
        'asked.deadlineEpoch += uint40(block.number) - open.openedEpoch;',
        'asked.deadlineEpoch += 0;',
      ],
      ['answers mature under a challenge', 'ballot.matureEpoch += frozen;', 'ballot.matureEpoch += 0;'],
      ['an arbiter may take its time', 'block.number <= open.deadlineEpoch', 'block.number <= open.deadlineEpoch + 1'],
      ['silence is rejection', ': IOracleChallenges.Ruling.Silent;', ': IOracleChallenges.Ruling.Rejected;'],
      [
        'an arbiter that answers with nothing is believed',
        'if (answered && LowLevelCall.returnDataSize() >= 32)',
        'if (answered || uint256(word) == 2)',
      ],
      ['nobody is slashed', '_operators[operatorId].stake -= slash;', ''],
      [
        'slashed operators stay locked',
        'for (uint256 j = stage; j < answered; ++j) {\n            _unlock',
        'for (uint256 j = stage + 1; j < answered; ++j) {\n            _unlock',
      ],
      ['an undone answer stands', 'asked.answered = stage;', 'asked.answered = uint8(answered);'],
      ['the escrow stays when an answer is undone', 'if (open) refunded = asked.deposit;', ''],
      [
        'a request that expired is undone once more',
        'if (asked.state < IOracleRequests.RequestState.Cancelled)',
        'if (asked.state != IOracleRequests.RequestState.None)',
      ],
      [
        'nobody is told of an undone answer',
        'if (stage < asked.delivered) _callBackCancelled',
        'if (stage + 8 < asked.delivered) _callBackCancelled',
      ],
      [
        'a later stage is refuted under a challenge',
        'if (asked.challenged && open.stage < stage)',
        'if (asked.challenged && open.stage > 8)',
      ],
      ['what is mature is refuted', 'if (_isFinal(id, asked, stage))\n', 'if (stage > 8)\n'],
      ['any data is refuted', 'if (actual != expected) revert', 'if (actual == bytes32(0)) revert'],
      ['a failure is refuted', 'if (!ballot.ok || !IEvidence', 'if (!IEvidence'],
      [
        'a challenger loses its bond to evidence',
        'IOracleChallenges.Ruling.Upheld, open.bond, 0);\n        _undo(id, asked, stage, IOracleChallenges.Ruling.Upheld, msg.sender)',
        'IOracleChallenges.Ruling.Upheld, 0, 0);\n        _undo(id, asked, stage, IOracleChallenges.Ruling.Upheld, msg.sender)',
      ],
    ],
  ),
  ...mutantsOf('oracle/OperatorBook.sol', of('quorum', 'optIn', 'attacks*'), [
    ['who joined in the same epoch may vote', 'return operator.since < epoch;', 'return operator.since <= epoch;'],
    [
      'who opted in votes on all older requests',
      'return operator.previousVersion == version && operator.previousSince < epoch;',
      'return true;',
    ],
  ]),
  ...mutantsOf('oracle/Operators.sol', of('join', 'operators', 'reporters', 'optIn', 'stake', 'attacks.operators'), [
    ['one operator too many is seated', '2 * uint256(config.quorum) - 1', '2 * uint256(config.quorum)'],
    ['two operators share a reporter', 'if (holder != 0) revert', 'if (holder == type(uint256).max) revert'],
    [
      'a reporter keeps its vote after leaving',
      'delete _operatorOf[operator.reporter];\n        delete _seats',
      'delete _seats',
    ],
    [
      'the old reporter votes on',
      'delete _operatorOf[operator.reporter];\n        _operatorOf[reporter]',
      '_operatorOf[reporter]',
    ],
    ['a reporter need not accept', 'if (reporter == operator.owner) _accept', 'if (reporter != address(0)) _accept'],
    ['anyone accepts', 'if (msg.sender != operator.appointed)', 'if (operator.appointed == address(0))'],
    ['a reporter is known by its alias', 'reporter = FilAddress.normalise(reporter);', ''],
    ['whoever likes joins', 'if (seat == 0 && !provider.open)', 'if (seat == 1 && !provider.open)'],
    ['an owner has two operators', 'if (seat != 0 && seat != ADMITTED)', 'if (seat != 0 && seat < 0)'],
    [
      'stake is withdrawn one epoch early',
      'if (block.number < operator.unbondedEpoch)',
      'if (block.number + 1 < operator.unbondedEpoch)',
    ],
    ['any stake will do to join', 'if (msg.value < config.minStake)', 'if (msg.value == 0 && config.minStake != 0)'],
  ]),
  ...mutantsOf('oracle/Providers.sol', of('registerProvider', 'proposeConfig', 'admit', 'attacks*'), [
    [
      'rules change at once',
      'effectiveEpoch = uint64(block.number) + NOTICE;',
      'effectiveEpoch = uint64(block.number);',
    ],
    ['anyone changes the rules', 'if (msg.sender != provider.owner)', 'if (provider.owner == address(0))'],
    ['a proposal replaces the one before it', 'if (block.number < provider.proposedEpoch)', 'if (block.number == 0)'],
    ['a slash may exceed the stake', '_require(config.minStake >= config.slash, "minStake", config.minStake);', ''],
    [
      'a failure may pay more than an answer',
      '_require(given.failureFee <= fee.base, "failureFee", given.failureFee);',
      '',
    ],
  ]),
  ...mutantsOf('oracle/RequestBook.sol', of('sync', 'locks', 'freeze', 'equations'), [
    ['a settled vote stays bound', 'if (slash != 0) operator.locked -= slash;', ''],
    [
      'an answer is final at its last epoch',
      'if (block.number <= matureEpoch) return false;',
      'if (block.number < matureEpoch) return false;',
    ],
    ['settling pays nobody', '_creditEqually(_agreeing(ballot), id, fee);', ''],
    [
      'a failure is paid as an answer',
      'return quorum * job.failureFee;',
      'return _stageFee(job, quorum, asked.mebibytes, stage);',
    ],
  ]),
  ...mutantsOf('oracle/ProviderBook.sol', of('request', 'proposeConfig', 'optIn'), [
    [
      'a version is in force before its epoch',
      'block.number < provider.proposedEpoch ?',
      'block.number + 1 < provider.proposedEpoch ?',
    ],
    [
      'who joined in this epoch counts for a quorum',
      'config.recentEpoch == block.number ? config.memberCount - config.recent :',
      'false ? 0 :',
    ],
    ['a size is rounded down', 'Math.ceilDiv(maxBytes, BYTES_PER_MIB)', '(maxBytes / BYTES_PER_MIB)'],
    [
      'a fee is rounded down',
      'Math.ceilDiv((fee >> 64) * mebibytes, MIB_PER_GIB)',
      '(((fee >> 64) * mebibytes) / MIB_PER_GIB)',
    ],
  ]),
  ...mutantsOf(
    'Extension.sol',
    ['oracle/RegistryExtension.test.ts', 'perpetual/PerpetualExtensions.test.ts'],
    [['the extension can be called itself', 'if (address(this) == _self)', 'if (address(this) == address(0))']],
  ),
  ...mutantsOf('oracle/RegistryViews.sol', of('views', 'request', 'operators'), [
    ['a turn never ends', '(first + turn) % count', 'first % count'],
    ['a jailed operator looks fit', 'jailed: operator.stake <', 'jailed: operator.stake + 1 <'],
    ['what is missed is what dissented', 'operator.agreed + operator.dissented;', 'operator.agreed;'],
  ]),
  ...mutantsOf(
    'oracle/arbiters/Arbiter.sol',
    ['oracle/arbiters/*.test.ts'],
    [
      [
        'a ruling is lost when the registry cannot act on it',
        'if (!resolved && _ranShort(available)) revert',
        'if (!resolved) revert',
      ],
      [
        'an estimate finds the gas with which a ruling is not acted on',
        'if (!resolved && _ranShort(available)) revert IOracleRequests.TooLittleGas(available + 1, available);',
        '',
      ],
      ['what ran out of gas counts as ruled', 'if (gasleft() < available / 16) return true;', ''],
      [
        'a ruling is not acted on',
        'abi.encodeCall(IOracleChallenges.resolve, (id))',
        'abi.encodeCall(IOracleChallenges.getChallenge, (id))',
      ],
      [
        'a ruling comes one epoch late',
        'if (block.number > last.deadlineEpoch)',
        'if (block.number > last.deadlineEpoch + 1)',
      ],
      ['a closed challenge is ruled on', 'if (!last.open || last.stage != stage)', 'if (last.stage != stage)'],
      ['another stage is ruled on', 'if (!last.open || last.stage != stage)', 'if (!last.open)'],
      [
        'silence is a ruling',
        'if (ruling != IOracleChallenges.Ruling.Upheld && ruling != IOracleChallenges.Ruling.Rejected)',
        'if (ruling == IOracleChallenges.Ruling.None)',
      ],
      [
        'a ruling is changed',
        'if (before != IOracleChallenges.Ruling.None) revert',
        'if (before == IOracleChallenges.Ruling.Silent) revert',
      ],
      [
        'a ruling counts for another challenge of the stage',
        'abi.encode(registry, id, last.stage, last.openedEpoch)',
        'abi.encode(registry, id, last.stage)',
      ],
      [
        'a ruling counts in another registry',
        'abi.encode(registry, id, last.stage, last.openedEpoch)',
        'abi.encode(id, last.stage, last.openedEpoch)',
      ],
    ],
  ),
  ...mutantsOf(
    'oracle/arbiters/CouncilArbiter.sol',
    ['oracle/arbiters/*.test.ts'],
    [
      ['half of a council decides', '2 * threshold_ <= count', '2 * threshold_ < count'],
      ['a member sits twice', 'if (_bitOf[member] != 0) revert', 'if (_bitOf[member] == 1 << 200) revert'],
      [
        "a member's alias is another member",
        'address member = FilAddress.normalise(members[i]);',
        'address member = members[i];',
      ],
      [
        'a member votes twice',
        'if ((votes.upheld | votes.rejected) & bit != 0)',
        'if (votes.upheld & votes.rejected & bit != 0)',
      ],
      ['anyone votes', 'if (bit == 0) revert NotMember(msg.sender);', 'if (bit == 0) bit = 1;'],
      ['one vote decides', 'if (agreeing == threshold)', 'if (agreeing == 1)'],
      [
        'votes for both sides count together',
        '_count(upheld ? votes.upheld : votes.rejected)',
        '_count(votes.upheld | votes.rejected)',
      ],
    ],
  ),
  ...mutantsOf(
    'oracle/arbiters/TimelockArbiter.sol',
    ['oracle/arbiters/*.test.ts'],
    [['anyone rules', 'if (msg.sender != timelock)', 'if (msg.sender == address(0))']],
  ),
]
