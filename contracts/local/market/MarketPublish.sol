// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorExit} from "../NativeActor.sol";
import {ActorId} from "../ActorId.sol";
import {ActorMessage} from "../ActorMessage.sol";
import {CborWriter} from "../CborWriter.sol";
import {ExitCode} from "../ExitCode.sol";
import {FilecoinAddress} from "../FilecoinAddress.sol";
import {ILocalMarket} from "../ILocalMarket.sol";
import {ILocalPower} from "../ILocalPower.sol";
import {MethodNumber} from "../MethodNumber.sol";
import {DealProposal, DealProposals} from "./DealProposal.sol";
import {MarketEscrow} from "./MarketEscrow.sol";
import {Deal, MarketState, Stage} from "./MarketState.sol";
import {ProposalRules} from "./ProposalRules.sol";

/// @title MarketPublish
/// @notice PublishStorageDeals: asks the clients, keeps the proposals which are valid, tells the clients.
library MarketPublish {
    using MarketEscrow for MarketState;

    bytes32 private constant CBOR_TRUE = keccak256(hex"f5");

    /// @notice A proposal as submitted, and what became of it.
    struct Submission {
        DealProposal proposal;
        bytes signature;
        ILocalMarket.Fault fault;
        uint64 client;
        uint64 dealId;
        bytes normalised;
    }

    /// @notice Publishes what is valid in `submissions`, and marks each with its fault and its deal id.
    /// @return published How many are.
    function publish(MarketState storage s, Submission[] memory submissions) internal returns (uint256 published) {
        if (submissions.length == 0) revert ActorExit(ExitCode.ILLEGAL_ARGUMENT);
        uint64 provider = _provider(submissions[0].proposal.provider);

        // All clients are asked before anything is written: a contract could call back.
        for (uint256 i = 0; i < submissions.length; ++i) {
            Submission memory submission = submissions[i];
            submission.fault =
                _authenticated(submission)
                    ? ProposalRules.check(submission.proposal)
                    : ILocalMarket.Fault.NotAuthenticated;
        }
        for (uint256 i = 0; i < submissions.length; ++i) {
            Submission memory submission = submissions[i];
            if (submission.fault != ILocalMarket.Fault.None) continue;
            submission.fault = _store(s, submission, provider);
            if (submission.fault == ILocalMarket.Fault.None) ++published;
        }
        if (published == 0) return 0;

        for (uint256 i = 0; i < submissions.length; ++i) {
            if (submissions[i].fault == ILocalMarket.Fault.None) _notify(submissions[i], provider);
        }
    }

    function _provider(bytes memory raw) private view returns (uint64 provider) {
        bool known;
        (known, provider) = FilecoinAddress.resolve(raw);
        if (!known) revert ActorExit(ExitCode.NOT_FOUND);
        if (ActorId.toAddress(provider).code.length == 0) revert ActorExit(ExitCode.NOT_FOUND);
        if (!ILocalPower(ActorId.toAddress(ActorId.POWER)).isMiner(provider)) {
            revert ActorExit(ExitCode.ILLEGAL_ARGUMENT);
        }
    }

    /// @notice Exits 18 unless the sender is a controlling address of `provider`.
    function requireControlled(bytes memory provider) internal {
        ActorMessage.Reply memory reply = ActorMessage.deliver(
            ActorMessage.Message({
                to: _provider(provider),
                method: MethodNumber.IS_CONTROLLING_ADDRESS,
                value: 0,
                readOnly: true,
                codec: ActorMessage.CBOR,
                params: CborWriter.writeBytes(FilecoinAddress.fromAccount(msg.sender))
            })
        );
        if (reply.exitCode != 0) revert ActorExit(uint32(uint256(reply.exitCode)));
        if (keccak256(reply.data) != CBOR_TRUE) revert ActorExit(ExitCode.FORBIDDEN);
    }

    /// AuthenticateMessage [signature, proposal as submitted]; whatever is not a plain yes makes the proposal invalid.
    function _authenticated(Submission memory submission) private returns (bool) {
        bool known;
        (known, submission.client) = FilecoinAddress.resolve(submission.proposal.client);
        if (!known) return false;
        if (_isWallet(submission.proposal.client)) return true;

        bytes memory message = DealProposals.encode(submission.proposal);
        ActorMessage.Reply memory reply = ActorMessage.deliver(
            ActorMessage.Message({
                to: _register(submission),
                method: MethodNumber.AUTHENTICATE_MESSAGE,
                value: 0,
                readOnly: true,
                codec: ActorMessage.CBOR,
                params: bytes.concat(
                    CborWriter.writeArray(2),
                    CborWriter.writeBytes(submission.signature),
                    CborWriter.writeBytes(message)
                )
            })
        );
        return reply.exitCode == 0 && keccak256(reply.data) == CBOR_TRUE;
    }

    /// An account without code stands for a wallet whose signature a node has checked: no key signs for it here.
    function _isWallet(bytes memory client) private view returns (bool) {
        FilecoinAddress.Parsed memory parsed = FilecoinAddress.parse(client);
        address account = parsed.account;
        if (parsed.kind == FilecoinAddress.Kind.Id) {
            if (ActorId.toAddress(parsed.id).code.length != 0) return false;
            account = FilecoinAddress.book().accountOf(parsed.id);
        }
        return account != address(0) && account.code.length == 0;
    }

    function _register(Submission memory submission) private returns (uint64) {
        FilecoinAddress.Parsed memory parsed = FilecoinAddress.parse(submission.proposal.client);
        return parsed.kind == FilecoinAddress.Kind.Id ? parsed.id : FilecoinAddress.register(parsed.account);
    }

    function _store(
        MarketState storage s,
        Submission memory submission,
        uint64 provider
    ) private returns (ILocalMarket.Fault) {
        DealProposal memory p = submission.proposal;
        (bool known, uint64 id) = FilecoinAddress.resolve(p.provider);
        if (!known || id != provider) return ILocalMarket.Fault.OtherProvider;

        uint256 cost = p.pricePerEpoch * uint64(p.endEpoch - p.startEpoch) + p.clientCollateral;
        if (!s.covers(submission.client, cost)) return ILocalMarket.Fault.ClientFunds;
        if (!s.covers(provider, p.providerCollateral)) return ILocalMarket.Fault.ProviderFunds;
        submission.client = _register(submission);
        // What is stored and told names both parties by id, unlike what the client was asked about.
        p.client = FilecoinAddress.fromId(submission.client);
        p.provider = FilecoinAddress.fromId(provider);
        submission.normalised = DealProposals.encode(p);
        bytes32 proposalHash = keccak256(submission.normalised);
        if (s.pending[proposalHash]) return ILocalMarket.Fault.Duplicate;

        s.pending[proposalHash] = true;
        s.lock(submission.client, cost);
        s.lock(provider, p.providerCollateral);
        submission.dealId = s.nextDealId++;
        _write(s.deals[submission.dealId], submission, provider, proposalHash);
        return ILocalMarket.Fault.None;
    }

    function _write(Deal storage deal, Submission memory submission, uint64 provider, bytes32 proposalHash) private {
        DealProposal memory p = submission.proposal;
        deal.stage = Stage.Published;
        deal.digest = p.digest;
        deal.size = p.size;
        deal.verified = p.verified;
        deal.labelIsText = p.labelIsText;
        deal.label = p.label;
        deal.client = submission.client;
        deal.provider = provider;
        deal.startEpoch = p.startEpoch;
        deal.endEpoch = p.endEpoch;
        deal.activated = -1;
        deal.settledTo = -1;
        deal.pricePerEpoch = p.pricePerEpoch;
        deal.providerCollateral = p.providerCollateral;
        deal.clientCollateral = p.clientCollateral;
        deal.proposalHash = proposalHash;
    }

    /// MarketNotifyDeal [proposal with ids, deal id]; a client that fails fails the message for all.
    function _notify(Submission memory submission, uint64 provider) private {
        ActorMessage.Reply memory reply = ActorMessage.deliver(
            ActorMessage.Message({
                to: submission.client,
                method: MethodNumber.MARKET_NOTIFY_DEAL,
                value: 0,
                readOnly: false,
                codec: ActorMessage.CBOR,
                params: bytes.concat(
                    CborWriter.writeArray(2),
                    CborWriter.writeBytes(submission.normalised),
                    CborWriter.writeUint(submission.dealId)
                )
            })
        );
        if (reply.exitCode != 0) revert ActorExit(ExitCode.ILLEGAL_ARGUMENT);

        address account = FilecoinAddress.book().accountOf(submission.client);
        if (account == address(0)) account = ActorId.toAddress(submission.client);
        emit ILocalMarket.DealPublished(submission.dealId, account, provider);
    }
}
