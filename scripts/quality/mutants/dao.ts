import { mutantsOf } from './mutant.ts'

const attacks = ['dao/DataDAO.attacks.test.ts']
const raids = ['dao/DataDAO.attacks.treasury.test.ts']
const votes = [
  ...attacks,
  ...['vote', 'castVotesBySig', 'result', 'nonces'].map((part) => `dao/DataDAO.${part}.test.ts`),
]
const states = [
  ...['states', 'guardian', 'propose', 'result', 'settings'].map((part) => `dao/DataDAO.${part}.test.ts`),
  'dao/DaoTreasury.earmarks.test.ts',
  'dao/WeightToken.test.ts',
]
const governor = [...raids, 'dao/DataDAO.guardian.test.ts', 'dao/DataDAO.propose.test.ts', 'dao/DataDAO.states.test.ts']
const desk = ['dao/DataDAO.propose*.test.ts', 'dao/DataDAO.createCIDProposal.test.ts', 'dao/DataDAO.states.test.ts']
const money = [
  ...raids,
  'dao/DaoTreasury.*.test.ts',
  'dao/DataDAO.execute.test.ts',
  'dao/DataDAO.guardian.test.ts',
  'dao/DataDAO.proposeCID.terms.test.ts',
]
const members = [...attacks, 'dao/WeightToken.test.ts', 'dao/MemberBadge.test.ts']
const invariants = ['dao/DataDAO.invariant.t.sol']

export const DAO_MUTANTS = [
  ...mutantsOf('dao/Voting.sol', votes, [
    ['a masked address is a voter of its own', 'FilAddress.normalise(ballot.voter)', 'ballot.voter'],
    ['a proposer votes', 'if (voter == poll.proposer) revert ProposerCannotVote(proposalId, voter);', ''],
    [
      "a proposer's signed ballot counts",
      'if (voter == poll.proposer || _isProviders(poll.providerId, voter, ballot.support))',
      'if (_isProviders(poll.providerId, voter, ballot.support))',
    ],
    [
      'a controlling address of the provider votes',
      'if (_isProviders(poll.providerId, voter, support))',
      'if (_isProviders(poll.providerId, voter, support) && voter == poll.proposer)',
    ],
    [
      "a controlling address's signed ballot counts",
      'voter == poll.proposer || _isProviders(poll.providerId, voter, ballot.support)',
      'voter == poll.proposer',
    ],
    [
      'who is named a control address cannot vote against',
      'if (providerId == 0 || support == uint8(VoteType.Against)) return false;',
      'if (providerId == 0) return false;',
    ],
    [
      'a controlling address abstains, and makes the quorum',
      'support == uint8(VoteType.Against)) return false',
      'support != uint8(VoteType.For)) return false',
    ],
    [
      'a vote counts up to the snapshot and after the deadline',
      'if (poll.canceled || block.number <= poll.snapshot || block.number > poll.deadline)',
      'if (poll.canceled)',
    ],
    [
      'a vote counts after a cancel',
      'if (poll.canceled || block.number <= poll.snapshot',
      'if (block.number <= poll.snapshot',
    ],
    ['a vote counts in the snapshot block', 'block.number <= poll.snapshot', 'block.number < poll.snapshot'],
    ['a vote counts a block after the last', 'block.number > poll.deadline)', 'block.number > poll.deadline + 1)'],
    ['a vote without weight is one', 'if (weight == 0) revert NoWeight(voter, poll.snapshot);', ''],
    ['a signed ballot without weight is one', 'if (weight == 0) return BallotFault.NoWeight;', ''],
    [
      'an expired ballot counts',
      'if (block.number > ballot.expiryEpoch)',
      'if (block.number > ballot.expiryEpoch + 1)',
    ],
    [
      'a ballot expires an epoch early',
      'if (block.number > ballot.expiryEpoch)',
      'if (block.number >= ballot.expiryEpoch)',
    ],
    ['nobody signs', 'if (!_isSigned(proposalId, ballot, voter)) return BallotFault.BadSignature;', ''],
    [
      'a signature is of any proposal',
      'SIGNED_BALLOT_TYPEHASH,\n                proposalId,',
      'SIGNED_BALLOT_TYPEHASH,\n                uint256(0),',
    ],
    ['a used nonce is a fresh one', '_nonceOf(key) | (used ? 1 : 0)', '_nonceOf(key)'],
    ['a repeated ballot stops the batch', 'if (hasVoted(proposalId, voter)) return BallotFault.AlreadyVoted;', ''],
    ['a batch of bad ballots passes', 'if (counted == 0) revert NoBallotCounted(proposalId);', ''],
    ['a late quorum decides at once', 'facts.extendedEpochs = uint24(until - poll.deadline);', ''],
    [
      'the quorum extends the vote for whoever votes after it',
      'if (before >= needed) return;',
      'if (before > present) return;',
    ],
    ['a vote against brings the quorum', '? present : present - weight', '? present - weight : present - weight'],
    [
      'a batch never extends the vote',
      '_extendIfLate(proposalId, poll, ballot.support, weight);',
      'if (counted > 63) _extendIfLate(proposalId, poll, ballot.support, weight);',
    ],
  ]),
  ...mutantsOf('dao/DaoGovernor.sol', states, [
    [
      'an id binds neither chain nor DAO',
      'return uint256(keccak256(abi.encode(block.chainid, address(this), payload)));',
      'return payload;',
    ],
    ["a proposer's weight is not locked", '_membership().lock(proposer, uint48(proposalSnapshot(proposalId)));', ''],
    [
      'a lock ends before the snapshot',
      'uint48(proposalSnapshot(proposalId)));',
      'uint48(proposalSnapshot(proposalId) - 1));',
    ],
    ['the quorum is rounded down', 'Math.Rounding.Ceil', 'Math.Rounding.Floor'],
    [
      'what passed can be queued for ever',
      'if (state_ == ProposalState.Succeeded && block.number > _queueBy(proposalId)) return ProposalState.Expired;',
      '',
    ],
    [
      'what is queued expires a second early',
      'block.timestamp > proposalEta(proposalId) + DaoRules.EXECUTION_WINDOW_SECONDS',
      'block.timestamp >= proposalEta(proposalId) + DaoRules.EXECUTION_WINDOW_SECONDS',
    ],
    ['a guardian never ends', 'if (block.number > _guardianUntil)', 'if (_guardianUntil == 0)'],
    [
      'a guardian cancels what is about itself',
      'if (_facts[proposalId].subject == IDataDAO.Subject.GuardianChange) revert IDataDAO.GuardianItself(proposalId);',
      '',
    ],
    ['anybody cancels', 'if (caller != _guardian) return false;', ''],
    ['a vote moves the treasury', 'revert IDataDAO.TreasuryIsFixed();', ''],
  ]),
  ...mutantsOf('dao/GovernorExtension.sol', governor, [
    [
      'anybody submits in the name of another',
      'if (msg.sender != address(this)) revert IDaoSelf.NotMyself(msg.sender);',
      '',
    ],
    ['the treasury by its masked id is another', 'FilAddress.normalise(targets[i])', 'targets[i]'],
    ['the collection takes what anybody proposes', 'target == collection || ', ''],
    ['reserved calls are proposed', '(reserved && target == _executor())', '(reserved && target == address(0))'],
    [
      'a proposal that is about the guardian too is out of its reach',
      'target != address(this) || selector != IDataDAO.setGuardian.selector || ',
      'target != address(this) || ',
    ],
    ['a change of guardian that pays is out of its reach', ' || values[i] != 0', ''],
    ['the DAO locks whose weight it likes', ' || party == address(token()))', ')'],
    [
      'a relayed call names a part by its masked id',
      'address party = FilAddress.normalise(target);',
      'address party = target;',
    ],
  ]),
  ...mutantsOf('dao/ProposalDesk.sol', desk, [
    ['anybody proposes for a provider', 'else _requireControlling(providerId);', ''],
    ['a member needs no weight', 'if (providerId == 0) _requireWeight();', 'if (providerId == 0) {}'],
    [
      'what is open is proposed again',
      'if (last != 0 && _isOpen(_dao().state(last))) revert AlreadyProposed(cid, last);',
      '',
    ],
    ['what is collected is proposed again', 'if (collected) revert AlreadyCollected(cid, index);', ''],
    [
      'an actor that is no miner is a provider',
      'if (!PowerActor.isMiner(providerId)) revert NotAMiner(providerId);',
      '',
    ],
    [
      'the provider of a proposal is not recorded',
      '_facts[proposalId].providerId = SafeCast.toUint40(providerId);',
      '',
    ],
    ['what was queued is open no more', ' ||\n            state == IGovernor.ProposalState.Queued', ''],
  ]),
  ...mutantsOf('dao/DaoTreasury.sol', money, [
    ['anybody keeps', 'if (msg.sender != address(this)) revert NotMyself(msg.sender);', ''],
    [
      'an order may be of more than its piece',
      'DaoRules.within("size", 1, StorageCalls.roomOf(terms.pieceSize), size);',
      '',
    ],
    ['a storage that costs more is paid for', 'if (need > msg.value) revert BudgetTooLow(need, msg.value);', ''],
    ['what a proposal sends to the treasury itself is a deposit', 'if (msg.sender == address(this)) return;', ''],
    ['an old removal takes out what was kept again', 'if (serial < keptBy) revert StaleRemoval(keptBy, serial);', ''],
    ['a removal leaves its order running', 'perpetualStorage.cancel(storageId);', '{}'],
    [
      'an earmark is released early',
      'if (block.timestamp <= earmark.executeBySeconds)',
      'if (earmark.executeBySeconds == 0)',
    ],
    ['a queue earmarks what there is not', '_requireFree(need);\n        bytes32 operation', 'bytes32 operation'],
    ['a cancel keeps the earmark', 'super.cancel(id);\n        _endEarmark(id);', 'super.cancel(id);'],
    ['what comes with the execution is no deposit', 'if (msg.value != 0) _receive(msg.value);', ''],
    ['a payment is not booked', '_ledger.paid += value;', ''],
    ['a role is granted by vote', 'if (!_isInitializing()) revert RolesAreFixed();', ''],
  ]),
  ...mutantsOf('dao/Membership.sol', members, [
    [
      'who delegates to another proposes',
      'if (delegatee != account && delegatee != address(0))',
      'if (delegatee == treasury)',
    ],
    ['anybody locks', 'if (msg.sender != dao) revert NotDAO(dao, msg.sender);', ''],
    ['a lock ends with its last epoch', 'if (block.number <= until)', 'if (block.number < until)'],
    ['who is locked delegates', '_requireUnlocked(account);\n        super._delegate', 'super._delegate'],
    [
      'a masked delegate is another',
      'super._delegate(account, FilAddress.normalise(delegatee));',
      'super._delegate(account, delegatee);',
    ],
  ]),
  ...mutantsOf('dao/WeightToken.sol', members, [
    ['who is locked transfers', 'if (from != address(0)) _requireUnlocked(from);', ''],
    ['a masked holder is another', 'super._update(from, _partyOf(to), value);', 'super._update(from, to, value);'],
  ]),
  ...mutantsOf('dao/MemberBadge.sol', members, [
    ['a badge is given away', 'if (from != address(0) && to != address(0)) revert BadgeStays(tokenId);', ''],
    [
      'a DAO votes itself empty',
      'least + accounts.length, type(uint256).max, _supply',
      '0, type(uint256).max, _supply',
    ],
  ]),
  ...mutantsOf(
    'dao/Collection.sol',
    ['dao/Collection.test.ts'],
    [
      ['what was removed is in the collection', 'delete _place[key];', ''],
      ['anybody adds and removes', 'if (msg.sender != treasury) revert NotTreasury(treasury, msg.sender);', ''],
    ],
  ),

  // what the invariants alone must find, by random calls
  ...mutantsOf('dao/Voting.sol', invariants, [
    [
      'barred weight counts in a batch',
      'if (voter == poll.proposer || _isProviders(poll.providerId, voter, ballot.support))',
      'if (voter == poll.proposer)',
    ],
    ['a proposer has a ballot', 'if (voter == poll.proposer) revert ProposerCannotVote(proposalId, voter);', ''],
    ['a late quorum extends nothing', 'facts.extendedEpochs = uint24(until - poll.deadline);', ''],
  ]),
  ...mutantsOf('dao/DaoGovernor.sol', invariants, [
    ['a quorum is less than what was decided', 'Math.Rounding.Ceil', 'Math.Rounding.Floor'],
  ]),
  ...mutantsOf('dao/DaoTreasury.sol', invariants, [
    ['an earmark stays after a cancel', 'super.cancel(id);\n        _endEarmark(id);', 'super.cancel(id);'],
    ['what is earmarked is spent', 'if (need > free_) revert', 'if (need > _held()) revert'],
    ['the ledger forgets what it paid', '_ledger.paid += value;', ''],
    ['what comes with an execution is absorbed again', 'if (msg.value != 0) _receive(msg.value);', ''],
    [
      'a removal of before takes out what was kept since',
      'if (serial < keptBy) revert StaleRemoval(keptBy, serial);',
      '',
    ],
  ]),
  ...mutantsOf('dao/ProposalDesk.sol', invariants, [
    [
      'the same content is proposed twice, and kept twice',
      'if (last != 0 && _isOpen(_dao().state(last))) revert AlreadyProposed(cid, last);',
      '',
    ],
  ]),
  ...mutantsOf('dao/WeightToken.sol', invariants, [
    [
      'a masked holder votes beside itself',
      'super._update(from, _partyOf(to), value);',
      'super._update(from, to, value);',
    ],
  ]),
]
