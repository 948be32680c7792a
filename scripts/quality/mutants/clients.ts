import { mutantsOf } from './mutant.ts'

const client = ['oracle/OracleClient.test.ts']

/** What developers inherit or copy, and what the Edge provider's answers are judged by. */
export const CLIENT_MUTANTS = [
  ...mutantsOf('oracle/OracleCaller.sol', client, [
    ['a stranger may answer', 'if (msg.sender != address(registry))', 'if (msg.sender == address(0))'],
    ['a request of others is taken', 'if (asked.asker == address(0))', 'if (false)'],
    ['a stage is taken twice', 'if (stage < _known(id).nextStage) return;', '_known(id);'],
    ['a stage is taken before its turn', 'if (stage != asked.nextStage)', 'if (stage < asked.nextStage)'],
    ['answers follow a failure', 'asked.over = !ok;', ''],
    ['answers follow one that was undone', 'asked.over = true;', ''],
    ['an answer that was never taken is undone', 'if (stage >= asked.nextStage)', 'if (false)'],
    ['an undone answer still counts', 'asked.nextStage = stage;', ''],
    ['what can still be undone is synced', 'answer.standing != IOracleRequests.AnswerStanding.Final', 'false'],
    ['other data is synced', 'if (actual != answer.answerHash)', 'if (false)'],
    ['a failure is synced as an answer', '_take(id, stage, answer.ok, data);', '_take(id, stage, true, data);'],
    ['money is reclaimed twice', 'asked.reclaimed = refunded;', ''],
    [
      'what came back later is lost',
      'amount = refunded - asked.reclaimed;',
      'amount = asked.reclaimed == 0 ? refunded : 0;',
    ],
    ['a request is not ended', '== IOracleRequests.RequestState.Open)', '== IOracleRequests.RequestState.None)'],
    ['the registry keeps the refund', 'registry.withdraw();', 'registry.sink();'],
  ]),
  ...mutantsOf('oracle/OracleClient.sol', client, [
    ['anybody takes the refund', 'if (msg.sender != asker)', 'if (asker == address(0))'],
    ['nothing is refunded in peace', 'if (amount == 0)', 'if (false)'],
    [
      'a payment that failed is forgotten',
      'if (!LowLevelCall.callNoReturn(to, amount, ""))',
      'if (!LowLevelCall.callNoReturn(to, amount, "") && amount == 0)',
    ],
  ]),
  ...mutantsOf(
    'oracle/EdgeProvider.sol',
    ['oracle/EdgeProvider.test.ts'],
    [
      [
        'a fetch is written back to front',
        'EdgeJobs.FetchPayload({url: url, cid: cid})',
        'EdgeJobs.FetchPayload({url: cid, cid: url})',
      ],
      ['bytes to spare are taken', 'if (actual != expected)', 'if (actual < expected)'],
    ],
  ),
  ...mutantsOf(
    'oracle/EdgeEvidence.sol',
    ['oracle/EdgeEvidence.test.ts'],
    [
      ['another job is refuted', 'job != EdgeJobs.STATUS ||', ''],
      ['what is no status is judged', '|| data.length != STATUS_LENGTH', ''],
      [
        'an answer is refuted before finality',
        'if (block.number < uint256(answeredEpoch) + FINALITY_EPOCHS)',
        'if (block.number + 1 < uint256(answeredEpoch) + FINALITY_EPOCHS)',
      ],
      [
        'an answer is refuted one epoch late',
        'if (block.number < uint256(answeredEpoch) + FINALITY_EPOCHS)',
        'if (block.number <= uint256(answeredEpoch) + FINALITY_EPOCHS)',
      ],
      ['Unknown is refuted', 'if (answer.state == EdgeJobs.DealState.Unknown) return false;', ''],
      ['a deal that never was is believed', 'if (exitCode == MarketActor.NOT_FOUND) return true;', ''],
      [
        'exit 32 refutes',
        'if (exitCode != 0) return false;',
        'if (exitCode != 0) return exitCode == MarketActor.DEAL_EXPIRED;',
      ],
      [
        'Removed is believed of a deal that is there',
        'if (answer.state == EdgeJobs.DealState.Removed) return true;',
        'if (answer.state == EdgeJobs.DealState.Removed) return false;',
      ],
      ['another piece is believed', 'answer.pieceDigest != piece.digest || ', ''],
      ['another piece size is believed', ' || answer.pieceSize != piece.size', ''],
      ['another provider is believed', '_differsInProvider(answer) || ', ''],
      ['another term is believed', ' || _differsInTerm(answer)', ''],
      ['another end is believed', ' || answer.endEpoch != term.start + term.duration', ''],
      ['an unclear provider refutes', 'exitCode == 0 && answer.providerId', 'answer.providerId'],
      ['an unclear term refutes', 'exitCode == 0 && (answer.startEpoch', '(answer.startEpoch'],
    ],
  ),
  ...mutantsOf(
    'oracle/samples/PinnedCollectible.sol',
    ['oracle/samples/PinnedCollectible.test.ts'],
    [
      ['nobody gets a token', 'if (to == address(0)) revert ERC721InvalidReceiver(to);', ''],
      ['what is no CID is ordered', 'Cid.requireValid(cid);', ''],
      ['the metadata of no token is named', '_requireOwned(tokenId);', ''],
      ['a version 0 CID is named as it is', 'cid[0] == 0x01 ? cid :', 'true ? cid :'],
      ['the receiver runs code', '_mint(_orders[tokenId].to, tokenId);', '_safeMint(_orders[tokenId].to, tokenId);'],
    ],
  ),
  ...mutantsOf(
    'oracle/samples/DealStatusFeed.sol',
    ['oracle/samples/DealStatusFeed.test.ts'],
    [
      ['an older question wins', 'if (id < _latestId[status.dealId]) return;', ''],
      ['another deal is taken', 'if (status.dealId != question.dealId)', 'if (false)'],
      ['what was never attested is told', 'if (id == 0) revert NeverAttested(dealId);', ''],
      ['a status has no age', 'block.number - _questions[id].askedEpoch', 'block.number - block.number'],
    ],
  ),
  ...mutantsOf(
    'oracle/samples/StorageInsurance.sol',
    ['oracle/samples/StorageInsurance.test.ts'],
    [
      ['anybody is the underwriter', 'if (msg.sender != underwriter)', 'if (msg.sender == address(0))'],
      ['a payout is promised twice', 'free -= amount;', ''],
      ['more is promised than there is', 'if (amount > free)', 'if (amount > free + 1)'],
      ['a policy of nothing is offered', 'if (payout == 0)', 'if (false)'],
      ['anybody buys', 'if (msg.sender != policy.holder)', 'if (false)'],
      ['any premium buys', 'if (msg.value != policy.premium)', 'if (msg.value < policy.premium)'],
      [
        'a premium is not held',
        'policy.checkEpoch = uint64(block.number) + WAITING_EPOCHS;\n        liabilities += msg.value;',
        'policy.checkEpoch = uint64(block.number) + WAITING_EPOCHS;',
      ],
      [
        'a deal is checked too early',
        'if (block.number < policy.checkEpoch)',
        'if (block.number + 1 < policy.checkEpoch)',
      ],
      [
        'a deal is checked after its end',
        'if (block.number >= policy.endEpoch)',
        'if (block.number > policy.endEpoch)',
      ],
      ['another deal is taken', 'if (status.dealId != policy.dealId)', 'if (false)'],
      ['a published deal ends the policy', 'if (status.state == EdgeJobs.DealState.Published) return;', ''],
      ['a lost deal is covered', 'status.state != EdgeJobs.DealState.Active || ', ''],
      ['a deal that is over is covered', ' || status.endEpoch <= int256(block.number)', ''],
      ['a removal after the end pays', 'if (answeredEpoch >= policy.endEpoch) return;', ''],
      [
        'a removal in the last epoch does not pay',
        'if (answeredEpoch >= policy.endEpoch)',
        'if (answeredEpoch + 1 >= policy.endEpoch)',
      ],
      ['a loss is paid twice', 'policy.state = PolicyState.PaidOut;', ''],
      ['any answer pays', ' && status.state == EdgeJobs.DealState.Removed', ''],
      ['the premium of a loss is nobody’s', 'free += policy.premium;\n', ''],
      ['a declined premium is kept', 'creditOf[policy.holder] += policy.premium;', ''],
      [
        'a declined payout stays set aside',
        'free += policy.payout;\n        creditOf[policy.holder] += policy.premium;',
        'creditOf[policy.holder] += policy.premium;',
      ],
      ['a policy expires too early', 'if (block.number <= lastEpoch)', 'if (block.number < lastEpoch)'],
      ['a credit is paid twice', 'creditOf[msg.sender] = 0;', ''],
      [
        'a payment that failed is forgotten',
        'if (!LowLevelCall.callNoReturn(to, amount, ""))',
        'if (!LowLevelCall.callNoReturn(to, amount, "") && amount == 0)',
      ],
    ],
  ),
]
