// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FilAddress} from "../../filecoin/FilAddress.sol";
import {IOracleChallenges} from "../IOracleChallenges.sol";
import {Arbiter} from "./Arbiter.sol";

/// @title CouncilArbiter: a fixed council rules on challenges, by more than half of its members
/// @notice Each member votes once on a challenge, for Upheld or for Rejected, up to the challenge's deadline. The vote that makes
/// `threshold` of them agree is the ruling, and closes the challenge in the same transaction. A council that does not come to that
/// is silent: operators are paid from the bond, the requester is refunded, nobody is slashed.
/// @dev Members never change: another council is another contract, in the provider's next version.
contract CouncilArbiter is Arbiter {
    /// @dev Bit i is the vote of the i-th member.
    struct Votes {
        uint32 upheld;
        uint32 rejected;
    }

    uint256 public constant MAX_MEMBERS = 31;

    uint256 public immutable threshold;

    address[] private _members;
    mapping(address member => uint256) private _bitOf;
    mapping(bytes32 caseKey => Votes) private _votes;

    event CouncilVoted(
        address indexed registry,
        uint256 indexed id,
        uint8 indexed stage,
        address member,
        IOracleChallenges.Ruling ruling
    );

    error BadMemberCount(uint256 limit, uint256 count);
    error BadMember(address member);
    error DuplicateMember(address member);
    /// @notice The threshold is more than half of the members, and not more than all of them.
    error BadThreshold(uint256 members, uint256 threshold);
    error NotMember(address caller);
    error AlreadyVoted(address registry, uint256 id, uint8 stage, address member);

    /// @dev Reverts with {BadMemberCount}, {BadMember}, {DuplicateMember}, {BadThreshold}.
    /// @param members 1 to 31 different accounts; a masked id address (0xff…) of one that has an address of its own means that one.
    /// @param threshold_ How many of them must agree: with more than half, two different rulings can never both have it.
    constructor(address[] memory members, uint256 threshold_) {
        uint256 count = members.length;
        if (count == 0 || count > MAX_MEMBERS) revert BadMemberCount(MAX_MEMBERS, count);
        if (threshold_ > count || 2 * threshold_ <= count) revert BadThreshold(count, threshold_);

        threshold = threshold_;
        for (uint256 i = 0; i < count; ++i) {
            if (members[i] == address(0)) revert BadMember(members[i]);
            address member = FilAddress.normalise(members[i]);
            if (_bitOf[member] != 0) revert DuplicateMember(member);
            _bitOf[member] = 1 << i;
            _members.push(member);
        }
    }

    /// @notice A member's vote on the challenge that is open on a stage of a request, up to its deadline, inclusive.
    /// @dev Emits {CouncilVoted}, and {Ruled} when it decides. Reverts with {NotMember}, {BadRuling}, {NoOpenChallenge},
    /// {RulingTooLate}, {AlreadyRuled}, {AlreadyVoted}, {TooLittleGas}.
    /// @param registry The registry where the challenge is open.
    /// @param ruling Upheld if the answer was false, Rejected if it was true.
    function vote(address registry, uint256 id, uint8 stage, IOracleChallenges.Ruling ruling) external {
        uint256 bit = _bitOf[msg.sender];
        if (bit == 0) revert NotMember(msg.sender);
        bytes32 caseKey = _openCase(registry, id, stage, ruling);
        Votes storage votes = _votes[caseKey];
        if ((votes.upheld | votes.rejected) & bit != 0) revert AlreadyVoted(registry, id, stage, msg.sender);

        bool upheld = ruling == IOracleChallenges.Ruling.Upheld;
        if (upheld) votes.upheld |= uint32(bit);
        else votes.rejected |= uint32(bit);

        emit CouncilVoted(registry, id, stage, msg.sender, ruling);

        uint256 agreeing = _count(upheld ? votes.upheld : votes.rejected);
        if (agreeing == threshold) _rule(caseKey, registry, id, stage, ruling);
    }

    /// @notice The council, in the order of its founding.
    function getMembers() external view returns (address[] memory) {
        return _members;
    }

    /// @notice How many members voted for each ruling on the last challenge of a request.
    function votesOn(address registry, uint256 id) external view returns (uint256 upheld, uint256 rejected) {
        Votes storage votes = _votes[_lastCase(registry, id)];
        return (_count(votes.upheld), _count(votes.rejected));
    }

    /// @notice Whether an account is a member that voted on the last challenge of a request.
    function hasVoted(address registry, uint256 id, address member) external view returns (bool) {
        Votes storage votes = _votes[_lastCase(registry, id)];
        return (votes.upheld | votes.rejected) & _bitOf[member] != 0;
    }

    function _count(uint256 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits &= bits - 1) ++count;
    }
}
