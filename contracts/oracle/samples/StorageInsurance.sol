// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {EdgeJobs} from "../EdgeJobs.sol";
import {EdgeProvider} from "../EdgeProvider.sol";
import {OracleClient} from "../OracleClient.sol";

/// @title StorageInsurance: pays the holder of a policy when a deal is shown lost before its end
/// @notice An underwriter funds a pool and offers policies; each payout is set aside from the offer on. Cover begins when a final answer,
/// asked for after the waiting time, says that the deal is active, and lasts until the end that this answer names. A loss is a final
/// answer that the deal is removed, given before that end. Every payout is pulled, and made at most once.
contract StorageInsurance is OracleClient {
    /// @notice None: no such policy. Offered: the holder may buy it. Waiting: bought, the deal is not shown active yet. Covered.
    /// PaidOut: the deal was lost. Over: ended without a payout.
    enum PolicyState {
        None,
        Offered,
        Waiting,
        Covered,
        PaidOut,
        Over
    }

    /// @param checkEpoch The first epoch at which the deal may be asked for; 0 before the policy is bought.
    /// @param endEpoch The first epoch at which the deal, and the cover, is over; 0 before the cover begins.
    struct Policy {
        address holder;
        PolicyState state;
        uint64 dealId;
        uint64 checkEpoch;
        uint64 endEpoch;
        uint256 premium;
        uint256 payout;
    }

    /// @notice Between buying and cover: for 42 days the market does not show that a sector is faulty, but its provider knows.
    uint64 public constant WAITING_EPOCHS = 120_960;

    /// @notice How long a bought policy waits for the answer that begins its cover: 14 days.
    uint64 public constant BEGIN_EPOCHS = 40_320;

    /// @notice How long after its end a policy still waits for an answer that was given before: 42 days. A registry's longest window
    /// and ruling together are 106,560 epochs.
    uint64 public constant GRACE_EPOCHS = 120_960;

    uint64 public constant ANSWER_EPOCHS = 2880; // a day

    /// @dev A status concerns no content: the least `maxBytes`.
    uint64 private constant MAX_BYTES = 1;

    EdgeProvider public immutable edge;
    address public immutable underwriter;

    /// @notice What of the pool is not set aside for a policy, attoFIL.
    uint256 public free;

    /// @notice All that rests here for the underwriter and for holders, attoFIL; never read from the balance.
    uint256 public liabilities;

    uint256 public policyCount;
    mapping(uint256 policyId => Policy) private _policies;
    mapping(uint256 id => uint256 policyId) private _policyOf;
    mapping(address account => uint256) public creditOf;

    event Funded(uint256 amount);
    event PolicyOffered(
        uint256 indexed policyId,
        address indexed holder,
        uint64 indexed dealId,
        uint256 premium,
        uint256 payout
    );
    event PolicyBought(uint256 indexed policyId, uint64 checkEpoch);
    event DealChecked(uint256 indexed policyId, uint256 indexed id);
    event CoverBegun(uint256 indexed policyId, uint64 endEpoch);
    event PolicyPaidOut(uint256 indexed policyId, uint256 indexed id, address indexed holder, uint256 payout);
    /// @param premiumBack What went back to the holder's credit, attoFIL.
    event PolicyOver(uint256 indexed policyId, uint256 premiumBack);
    event Withdrawn(address indexed account, address indexed to, uint256 amount);

    error NotUnderwriter(address underwriter, address caller);
    error NotHolder(address holder, address caller);
    error WrongState(uint256 policyId, PolicyState expected, PolicyState actual);
    error WrongPremium(uint256 expected, uint256 actual);
    error ZeroPayout();
    error NotEnoughFree(uint256 free, uint256 required);
    error TooEarly(uint256 firstEpoch, uint256 currentEpoch);
    error CoverEnded(uint64 endEpoch, uint256 currentEpoch);
    error NotCheckable(uint256 policyId, PolicyState state);
    error WrongDeal(uint64 expected, uint64 actual);
    error NoCredit(address account);
    error PaymentFailed(address to, uint256 amount);

    constructor(EdgeProvider edge_, address underwriter_) OracleClient(edge_.registry(), edge_.providerId()) {
        edge = edge_;
        underwriter = underwriter_;
    }

    modifier onlyUnderwriter() {
        if (msg.sender != underwriter) revert NotUnderwriter(underwriter, msg.sender);
        _;
    }

    // ---- the pool

    /// @notice Adds msg.value to the pool.
    function fund() external payable onlyUnderwriter {
        free += msg.value;
        liabilities += msg.value;

        emit Funded(msg.value);
    }

    /// @notice Takes what is not set aside out of the pool, into the underwriter's credit.
    function release(uint256 amount) external onlyUnderwriter {
        _setAside(amount);
        creditOf[underwriter] += amount;
    }

    // ---- policies

    /// @notice Offers `holder` a policy on a deal. Whom and which deal to insure, and for how much, is the underwriter's judgement: a
    /// provider can end its own deal.
    function offer(
        address holder,
        uint64 dealId,
        uint256 premium,
        uint256 payout
    ) external onlyUnderwriter returns (uint256 policyId) {
        if (payout == 0) revert ZeroPayout();

        _setAside(payout);
        policyId = ++policyCount;
        Policy storage policy = _policies[policyId];
        policy.holder = holder;
        policy.state = PolicyState.Offered;
        policy.dealId = dealId;
        policy.premium = premium;
        policy.payout = payout;

        emit PolicyOffered(policyId, holder, dealId, premium, payout);
    }

    /// @notice Takes an offer back that was not bought.
    function revoke(uint256 policyId) external onlyUnderwriter {
        Policy storage policy = _inState(policyId, PolicyState.Offered);

        policy.state = PolicyState.Over;
        free += policy.payout;

        emit PolicyOver(policyId, 0);
    }

    /// @notice The holder buys the policy; send exactly its premium.
    function buy(uint256 policyId) external payable {
        Policy storage policy = _inState(policyId, PolicyState.Offered);
        if (msg.sender != policy.holder) revert NotHolder(policy.holder, msg.sender);
        if (msg.value != policy.premium) revert WrongPremium(policy.premium, msg.value);

        policy.state = PolicyState.Waiting;
        policy.checkEpoch = uint64(block.number) + WAITING_EPOCHS;
        liabilities += msg.value;

        emit PolicyBought(policyId, policy.checkEpoch);
    }

    /// @notice Asks how a policy's deal stands: to begin the cover, or to show the loss. Anyone may; send exactly {price}.
    function check(uint256 policyId) external payable returns (uint256 id) {
        Policy storage policy = _policies[policyId];
        if (policy.state == PolicyState.Waiting) {
            if (block.number < policy.checkEpoch) revert TooEarly(policy.checkEpoch, block.number);
        } else if (policy.state == PolicyState.Covered) {
            if (block.number >= policy.endEpoch) revert CoverEnded(policy.endEpoch, block.number);
        } else {
            revert NotCheckable(policyId, policy.state);
        }

        bytes memory payload = edge.encodeStatus(policy.dealId);
        id = _ask(EdgeJobs.STATUS, payload, MAX_BYTES, msg.value, uint64(block.number) + ANSWER_EPOCHS);
        _policyOf[id] = policyId;

        emit DealChecked(policyId, id);
    }

    /// @notice Ends a policy that time has decided; anyone may. Its cover did not begin in time: the premium goes back. The cover is
    /// over without a loss, and so is the grace: premium and payout are the pool's.
    function expire(uint256 policyId) external {
        Policy storage policy = _policies[policyId];
        if (policy.state == PolicyState.Waiting) {
            _requireAfter(policy.checkEpoch + BEGIN_EPOCHS);
            _decline(policyId, policy);
        } else {
            _inState(policyId, PolicyState.Covered);
            _requireAfter(policy.endEpoch + GRACE_EPOCHS);

            policy.state = PolicyState.Over;
            free += policy.premium + policy.payout;

            emit PolicyOver(policyId, 0);
        }
    }

    /// @notice Pays the caller's credit to `to`.
    function withdraw(address payable to) external returns (uint256 amount) {
        amount = creditOf[msg.sender];
        if (amount == 0) revert NoCredit(msg.sender);

        creditOf[msg.sender] = 0;
        liabilities -= amount;

        emit Withdrawn(msg.sender, to, amount);

        if (!LowLevelCall.callNoReturn(to, amount, "")) revert PaymentFailed(to, amount);
    }

    // ---- views

    /// @notice What {check} costs now, attoFIL.
    function price() external view returns (uint256) {
        return edge.quote(EdgeJobs.STATUS, MAX_BYTES);
    }

    function getPolicy(uint256 policyId) external view returns (Policy memory) {
        return _policies[policyId];
    }

    // ---- answers

    function _onAnswer(uint256 id, uint8 stage, bytes calldata data) internal override {
        uint256 policyId = _policyOf[id];
        Policy storage policy = _policies[policyId];
        EdgeJobs.StatusAnswer memory status = edge.decodeReported(data);
        if (status.dealId != policy.dealId) revert WrongDeal(policy.dealId, status.dealId);

        if (policy.state == PolicyState.Waiting) _begin(policyId, policy, status);
        else if (policy.state == PolicyState.Covered && status.state == EdgeJobs.DealState.Removed)
            _lose(policyId, policy, id, registry.getAnswer(id, stage).answeredEpoch);
    }

    /// @dev Every question of a policy was asked after its waiting time. A deal that is published only can still become active.
    function _begin(uint256 policyId, Policy storage policy, EdgeJobs.StatusAnswer memory status) private {
        if (status.state == EdgeJobs.DealState.Published) return;
        if (status.state != EdgeJobs.DealState.Active || status.endEpoch <= int256(block.number))
            return _decline(policyId, policy);

        policy.state = PolicyState.Covered;
        policy.endEpoch = uint64(status.endEpoch);

        emit CoverBegun(policyId, policy.endEpoch);
    }

    /// @dev From its end on the market removes a deal that was kept as one that was not: only an answer given before tells.
    function _lose(uint256 policyId, Policy storage policy, uint256 id, uint64 answeredEpoch) private {
        if (answeredEpoch >= policy.endEpoch) return;

        policy.state = PolicyState.PaidOut;
        free += policy.premium;
        creditOf[policy.holder] += policy.payout;

        emit PolicyPaidOut(policyId, id, policy.holder, policy.payout);
    }

    function _decline(uint256 policyId, Policy storage policy) private {
        policy.state = PolicyState.Over;
        free += policy.payout;
        creditOf[policy.holder] += policy.premium;

        emit PolicyOver(policyId, policy.premium);
    }

    function _setAside(uint256 amount) private {
        if (amount > free) revert NotEnoughFree(free, amount);
        free -= amount;
    }

    function _inState(uint256 policyId, PolicyState expected) private view returns (Policy storage policy) {
        policy = _policies[policyId];
        if (policy.state != expected) revert WrongState(policyId, expected, policy.state);
    }

    function _requireAfter(uint64 lastEpoch) private view {
        if (block.number <= lastEpoch) revert TooEarly(lastEpoch + 1, block.number);
    }
}
