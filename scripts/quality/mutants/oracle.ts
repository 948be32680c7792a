import { mutantsOf } from './mutant.ts'

const tests = ['oracle/*.test.ts']

export const ORACLE_MUTANTS = [
  ...mutantsOf('oracle/OracleRegistry.sol', tests, [
    [
      'a vote is taken one epoch late',
      'if (block.number > asked.deadlineEpoch)',
      'if (block.number > asked.deadlineEpoch + 1)',
    ],
    ['any stage can be voted on', 'if (stage != asked.stage) revert', 'if (stage > asked.stage + 9) revert'],
    ['an operator may vote twice', 'if (ballot.hasVoted(operatorId))', 'if (false && ballot.hasVoted(operatorId))'],
    ['one vote fewer is a quorum', 'if (count < provider.quorum)', 'if (count + 1 < provider.quorum)'],
    [
      'who joined in the same epoch may vote',
      'operator.joinedEpoch < asked.requestedEpoch',
      'operator.joinedEpoch <= asked.requestedEpoch',
    ],
    ["another provider's operator may vote", 'operator.providerId == asked.providerId &&', ''],
    ['a stage is paid and stays in escrow', 'asked.deposit -= uint96(fee);', ''],
    ['a failure leaves the request open', 'asked.state = RequestState.Failed;', ''],
    ['a failure refunds nothing', '_credit(asked.requester, id, asked.deposit);', ''],
    [
      "the requester's stage can be voted",
      'if (ok && _requesterConcludes(asked, stage))',
      'if (false && _requesterConcludes(asked, stage))',
    ],
  ]),
  ...mutantsOf('oracle/Endings.sol', tests, [
    [
      'a refund is possible at the deadline',
      'if (block.number <= asked.deadlineEpoch)',
      'if (block.number < asked.deadlineEpoch)',
    ],
    ['anyone may cancel', 'if (msg.sender != asked.requester)', 'if (msg.sender == address(0))'],
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
  ]),
  ...mutantsOf('oracle/Credits.sol', tests, [
    ['a credit is paid twice', '_credits[account] = 0;', ''],
    ['what was paid stays a liability', '_liabilities -= uint128(amount);', ''],
    [
      'a payment that fails is not noticed',
      'if (!LowLevelCall.callNoReturn(account, amount, ""))',
      'if (!LowLevelCall.callNoReturn(account, amount, "") && amount == 0)',
    ],
  ]),
  ...mutantsOf('oracle/Deliveries.sol', tests, [
    ['any data is delivered again', 'if (actual != expected) revert', 'if (actual == bytes32(0)) revert'],
    [
      'a stage is delivered out of order',
      'if (stage != asked.delivered) revert',
      'if (stage < asked.delivered) revert',
    ],
  ]),
  ...mutantsOf('oracle/BoundedCall.sol', tests, [
    ['a callback may be starved of gas', 'if (available < required)', 'if (available < required / 4)'],
  ]),
  ...mutantsOf('oracle/OperatorBook.sol', tests, [
    ['one operator too many is seated', '2 * uint256(provider.quorum) - 1', '2 * uint256(provider.quorum)'],
    [
      'two operators share a reporter',
      'if (_operatorOf[msg.sender] != 0) revert',
      'if (_operatorOf[msg.sender] == type(uint256).max) revert',
    ],
    ['a reporter keeps its vote after leaving', 'delete _operatorOf[operator.reporter];', ''],
  ]),
  ...mutantsOf('oracle/RequestBook.sol', tests, [
    ['a fee of any size is taken', 'if (msg.value != job.fee)', 'if (msg.value < job.fee)'],
    [
      'a deadline one epoch too soon is taken',
      'if (deadlineEpoch < earliestEpoch)',
      'if (deadlineEpoch + 1 < earliestEpoch)',
    ],
  ]),
]
