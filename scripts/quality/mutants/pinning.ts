import { mutantsOf } from './mutant.ts'

/** All tests of the room, those on these topics first: a mutant is done with at the first test that is red. */
const first = (...topics: string[]) => [
  ...topics.map((topic) => `pinning/PinningRequests.${topic}.test.ts`),
  'pinning/*.test.ts',
]
const raas = ['pinning/PinningRequests.submitRaaS.test.ts', 'pinning/PinningRequests.openOrder.test.ts']

export const PINNING_MUTANTS = [
  ...mutantsOf('pinning/PinningRequests.sol', first('submit', 'answers', 'complete*', 'openOrder'), [
    ['any market actor is believed', 'if (marketActorId != MarketActor.ID)', 'if (marketActorId == 0)'],
    [
      'deals are taken after the deadline',
      'if (block.number > asked.deadlineEpoch) revert',
      'if (block.number > asked.deadlineEpoch + 1) revert',
    ],
    ['deals are taken before Packed', '(state != State.Packed && state != State.Storing)', '(state > State.Storing)'],
    [
      'one proven deal is Stored',
      'request.deals.length == request.replicas',
      'request.deals.length <= request.replicas',
    ],
    ['the last stage is never concluded', 'registry.conclude(id);', ''],
    ['the reward stays after it is paid', 'request.reward -= share * owners.length;', ''],
    [
      'the whole reward is paid for one replica',
      'uint256 share = request.rewardPerReplica / owners.length;',
      'uint256 share = request.reward / owners.length;',
    ],
    ['another piece than the named one is packed', 'if (request.pieceSize != 0 && !same)', 'if (false && !same)'],
    ['too much may be paid', 'if (msg.value != fee + rewards)', 'if (msg.value < fee + rewards)'],
    [
      'a reward need not divide',
      'if (terms.rewardPerReplica % quorum != 0)',
      'if (terms.rewardPerReplica % quorum > 1)',
    ],
    ['the dust is kept', '_credit(msg.sender, id, dust);', ''],
    [
      'the permission of existing deals is swapped',
      'request.allowExistingDeals ? 0 :',
      '!request.allowExistingDeals ? 0 :',
    ],
    ['who shows a deal is paid', '_credit(owners[i], id, share)', '_credit(msg.sender, id, share)'],
    [
      'an answer revives a request that is over',
      'if (request.state > State.Pinned) return;',
      'if (request.state > State.Cancelled) return;',
    ],
    ['a failure is recorded of what is over', 'if (request.state < State.Stored) _end(', 'if (id != 0) _end('],
    ['the standard pays for another size', 'terms.maxBytes = DEFAULT_MAX_BYTES;', 'terms.maxBytes = 1 << 20;'],
    ['packing is paid for another size', 'EdgeJobs.PACK, DEFAULT_MAX_BYTES)', 'EdgeJobs.PACK, 1 << 20)'],
    ['the escrow is no liability', '_hold(msg.value - fee);', ''],
    ['the fee rests here too', 'request.reward = msg.value - fee;', 'request.reward = msg.value;'],
    ['deals are counted for an order', 'request.perpetual || (state', '(state'],
    [
      'an order of an impossible piece is waited for',
      'if (request.perpetual && !PieceCid.isPieceSize(answer.pieceSize))',
      'if (false && !PieceCid.isPieceSize(answer.pieceSize))',
    ],
    ["another registry's extension is taken", 'address(extension_.registry()) == address(registry_) &&', ''],
    ['a link of any length becomes a seed', 'TermsCheck.requireLink(fetchLink);\n        uint256 fee', 'uint256 fee'],
    [
      'the fee is of another size than the one asked for',
      'fee = registry.quote(providerId, EdgeJobs.STORE, terms.maxBytes);',
      'fee = registry.quote(providerId, EdgeJobs.STORE, 1 << 20);',
    ],
  ]),
  ...mutantsOf('pinning/Refunds.sol', first('refund', 'cancel', 'booking'), [
    ['a refund books the reward twice', 'request.reward = 0;', ''],
    ['a refund books the fees twice', 'request.feesBooked = refunded;', ''],
    ['anyone may cancel', 'if (msg.sender != request.requester)', 'if (msg.sender == address(0))'],
    [
      'a request with a proven deal is cancelled',
      'if (state > IPinningRequests.State.Packed) revert',
      'if (state > IPinningRequests.State.Storing) revert',
    ],
    ['refunded fees are no liability', '_hold(fees);', ''],
    ["the registry's refund is not drawn", 'if (registry.creditOf(address(this)) != 0) registry.withdraw();', ''],
    [
      'what is Storing is refunded',
      'if (state < IPinningRequests.State.Failed) revert',
      'if (state < IPinningRequests.State.Storing) revert',
    ],
    [
      'the registry is asked to end a request at its deadline',
      'RequestState.Open && block.number > asked.deadlineEpoch',
      'RequestState.Open && block.number >= asked.deadlineEpoch',
    ],
    [
      'what the registry gave back by ending the request is booked by the next refund only',
      'registry.refund(id);\n            asked = registry.getRequest(id);',
      'registry.refund(id);\n            asked.state = registry.getRequest(id).state;',
    ],
    [
      'a cancellation leaves the fees unbooked',
      'registry.cancel(id);\n            asked = registry.getRequest(id);',
      'registry.cancel(id);',
    ],
    [
      'an answered request cannot be cancelled any more',
      'if (asked.state == IOracleRequests.RequestState.Open) {\n            registry.cancel(id);',
      'if (true) {\n            registry.cancel(id);',
    ],
  ]),
  ...mutantsOf('pinning/PinningStates.sol', first('challenges', 'complete-refused-by-state', 'refund'), [
    [
      'a failing request can be completed',
      'if (asked.state == IOracleRequests.RequestState.Failed) return IPinningRequests.State.Failed;',
      '',
    ],
    [
      'what the registry refuted goes on here',
      'if (asked.state == IOracleRequests.RequestState.Refuted) return IPinningRequests.State.Refuted;',
      '',
    ],
    [
      'what the registry left undecided goes on here',
      'if (asked.state == IOracleRequests.RequestState.Undecided) return IPinningRequests.State.Undecided;',
      '',
    ],
    ['the deadline runs while a challenge is open', '&& !asked.challenged;', ';'],
    ['a request that is answered expires', 'if (late && open && state', 'if (late && state'],
  ]),
  ...mutantsOf('pinning/PinningExtension.sol', raas, [
    [
      'an order is opened before Packed',
      '!request.perpetual || state != IPinningRequests.State.Packed',
      '!request.perpetual || state > IPinningRequests.State.Packed',
    ],
    ['a request for deals becomes an order', 'if (!request.perpetual || state', 'if (state'],
    ['an order is opened again', 'request.state = IPinningRequests.State.Ordered;', ''],
    ['the escrow stays a liability', '_release(deposit);', ''],
    ['the escrow can be refunded as well', 'request.reward = 0;', ''],
    [
      'who opens the order owns it',
      '(request.requester, _orderOf(id, request))',
      '(msg.sender, _orderOf(id, request))',
    ],
    ['the order is forgotten', '_perpetual[id].orderId = orderId;', ''],
    ['the price may not rise', 'order.ceiling = 2 * asked.price;', 'order.ceiling = asked.price;'],
    ['the repair threshold is dropped', 'order.terms.evictEpochs = asked.evictEpochs;', ''],
    ['the renew threshold is dropped', 'order.terms.renewalEpochs = asked.renewalEpochs;', ''],
    ['the seed is dropped', 'order.seed = asked.seed;', ''],
    ['one replica is ordered', 'order.replicas = request.replicas;', 'order.replicas = 1;'],
  ]),
  ...mutantsOf('pinning/RaaSCheck.sol', raas, [
    [
      'seventeen replicas are taken',
      'replicas > PerpetualRules.MAX_REPLICAS',
      'replicas > PerpetualRules.MAX_REPLICAS + 1',
    ],
    ['a price of nothing is taken', 'if (paid < fee + replicaEpochs)', 'if (paid < fee)'],
    [
      'the fee is part of the price',
      'uint256 price = (paid - fee) / replicaEpochs;',
      'uint256 price = paid / replicaEpochs;',
    ],
    ['a price that cannot double is taken', 'if (price > MAX_PRICE)', 'if (price > MAX_PRICE + 1)'],
    ['a threshold may be too low', 'if (given < minimum ||', 'if (given + 1 < minimum ||'],
    ['a threshold may be too high', '|| given > maximum)', '|| given > uint256(maximum) + 1)'],
  ]),
  ...mutantsOf('filecoin/DealCheck.sol', first('complete-*', 'complete'), [
    [
      'the size of the aggregate is not compared',
      'if (actual.digest != digest || actual.size != size)',
      'if (actual.digest != digest)',
    ],
    [
      'the digest of the aggregate is not compared',
      'if (actual.digest != digest || actual.size != size)',
      'if (actual.size != size)',
    ],
    ['the provider is not compared', 'if (actual != providerId)', 'if (false && actual != providerId)'],
    ['an inactive deal counts', 'if (actual.activated <= 0)', 'if (actual.activated < -1)'],
    ['a terminated deal counts', 'if (actual.terminated >= 0)', 'if (actual.terminated >= 1 << 62)'],
    ['any exit code will do', 'revert ActorCall.ActorUnclear(exitCode);', ''],
    [
      'a deal of the epoch of asking is too old',
      'if (uint64(actual.activated) < earliestEpoch)',
      'if (uint64(actual.activated) <= earliestEpoch)',
    ],
    [
      'an older deal counts',
      'if (uint64(actual.activated) < earliestEpoch)',
      'if (uint64(actual.activated) + 1 < earliestEpoch)',
    ],
    ['a removed deal is unknown', 'if (exitCode == MarketActor.DEAL_EXPIRED) revert DealRemoved(dealId);', ''],
    [
      'duration is read as the end',
      'endEpoch = startEpoch + uint64(actual.duration);',
      'endEpoch = uint64(actual.duration);',
    ],
  ]),
  ...mutantsOf('pinning/ReplicaCheck.sol', first('complete-*', 'complete'), [
    [
      "another request's piece is taken",
      'if (shownDigest != digest || shown.sizePc != size)',
      'if (shown.sizePc != size)',
    ],
    [
      'a deal counts before its start',
      'if (block.number < startEpoch) revert',
      'if (block.number + 1 < startEpoch) revert',
    ],
    ['a deal counts at its end', 'if (block.number >= endEpoch) revert', 'if (block.number > endEpoch) revert'],
    ['a term may be one epoch short', 'if (remaining < minTermEpochs)', 'if (remaining + 1 < minTermEpochs)'],
  ]),
  ...mutantsOf('pinning/PinningBook.sol', first('complete-*', 'complete', 'challenges'), [
    ['a deal counts twice', 'if (counted.dealId == dealId)', 'if (counted.dealId == 0)'],
    ['a provider counts twice', 'if (counted.providerId == providerId)', 'if (counted.providerId == 0)'],
    [
      'a refuted request is recorded as undecided',
      'else if (state == IPinningRequests.State.Refuted) emit IPinningRequests.Refuted(id);',
      '',
    ],
  ]),
  ...mutantsOf('pinning/Ledger.sol', first('credits', 'openOrder', 'refund'), [
    ['a credit is paid twice', '_credits[account] = 0;', ''],
    ['what was paid stays a liability', '_release(amount);', ''],
    ['what went into an order stays a liability', '_liabilities -= amount;', ''],
    [
      'a payment that fails is not noticed',
      'if (!LowLevelCall.callNoReturn(account, amount, ""))',
      'if (!LowLevelCall.callNoReturn(account, amount, "") && amount == 0)',
    ],
    ['what is held is not counted', '_liabilities += amount;', ''],
  ]),
  ...mutantsOf('pinning/TermsCheck.sol', first('submit'), [
    ['seventeen replicas are taken', 'terms.replicas > MAX_REPLICAS', 'terms.replicas > MAX_REPLICAS + 1'],
    [
      'a past deadline is taken',
      'if (terms.deadlineEpoch < block.number) revert',
      'if (terms.deadlineEpoch + 1 < block.number) revert',
    ],
    ['a deadline may be a Unix time', 'if (terms.deadlineEpoch > latest)', 'if (terms.deadlineEpoch > latest << 32)'],
    ['a size without a piece is taken', ': size != 0) revert', ': size == 1) revert'],
  ]),
  ...mutantsOf('pinning/CidList.sol', first('enumerations', 'views'), [
    ['a CID is listed twice', 'if (entry.cid.length != 0) return cidHash;', ''],
    ['a deal is listed for every request it serves', 'if (entry.listed[dealId]) return;', ''],
  ]),
  ...mutantsOf('pinning/CidCatalogue.sol', first('enumerations'), [
    ['ended deals are active', 'if (remaining != 0 && remaining <= atMost)', 'if (remaining <= atMost)'],
  ]),
  ...mutantsOf(
    'Page.sol',
    ['pinning/Page.test.ts', 'pinning/*.test.ts'],
    [
      [
        'a page is one longer',
        'if (size > MAX_COUNT) size = MAX_COUNT;',
        'if (size > MAX_COUNT) size = MAX_COUNT + 1;',
      ],
      ['the newest 256 are 257', 'length - MAX_UNPAGED : 0', 'length - MAX_UNPAGED - 1 : 0'],
    ],
  ),
]
