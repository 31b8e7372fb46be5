// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// @title Payouts that partners claim
/// @notice Holds the money of settlement rounds in one token. A round is funded in full when it is opened; its root says who
/// may claim how much. Until the deadline each leaf is claimed once, by whoever sends the transaction, and the money goes to
/// the leaf's account. What is left after the deadline goes back to the owner.
/// @dev There is no pause and no way to change or close a round: once funded, not even the owner can hold up a claim. A
/// round pays out of its own money only, also when its leaves promise more than it has.
contract PayoutDistributor is Ownable2Step, ReentrancyGuard {
    using SafeERC20 for IERC20;

    struct Round {
        bytes32 root;
        uint256 total;
        uint256 claimed;
        uint64 deadline;
        bool swept;
    }

    /// @notice What is paid out.
    IERC20 public immutable token;

    /// @notice Rounds by number; all zero for one that was not opened.
    mapping(uint256 round => Round) public rounds;

    /// @notice Bit `index % 256` of word `index / 256` says whether the leaf was claimed.
    mapping(uint256 round => mapping(uint256 word => uint256)) public claimedWords;

    /// @notice A round was opened and funded.
    event RoundOpened(uint256 indexed round, bytes32 root, uint256 total, uint64 deadline);
    /// @notice A leaf was paid to its account.
    event Claimed(uint256 indexed round, uint256 index, address indexed account, uint256 amount);
    /// @notice What nobody claimed went back.
    event Swept(uint256 indexed round, uint256 amount, address indexed to);

    error RoundExists(uint256 round);
    error RoundUnknown(uint256 round);
    /// @notice A round needs a root, money and time.
    error RoundEmpty();
    error DeadlinePassed(uint64 deadline);
    error DeadlineNotPassed(uint64 deadline);
    /// @notice The token delivered another amount than it was asked for.
    error FundingDiffers(uint256 received, uint256 total);
    error AlreadyClaimed(uint256 round, uint256 index);
    error ProofInvalid();
    /// @notice The leaves promise more than the round has left.
    error RoundExhausted(uint256 left, uint256 amount);
    error AlreadySwept(uint256 round);
    /// @notice Without an owner, what nobody claims would be lost.
    error OwnerRequired();

    /// @param token_ what is paid out
    /// @param owner_ opens and sweeps rounds
    constructor(IERC20 token_, address owner_) Ownable(owner_) {
        token = token_;
    }

    /// @notice Opens a round and takes its whole money from the owner, who has approved it.
    /// @param round its number, which no round had before: leaves name it, so it is known before the root
    /// @param root of the tree over the leaves (see `leafOf`), pairs sorted
    /// @param total sum of the leaves' amounts
    /// @param deadline last second in which leaves are claimed
    function openRound(uint256 round, bytes32 root, uint256 total, uint64 deadline) external onlyOwner nonReentrant {
        if (rounds[round].root != 0) revert RoundExists(round);
        if (root == 0 || total == 0) revert RoundEmpty();
        if (deadline <= block.timestamp) revert DeadlinePassed(deadline);
        rounds[round] = Round({root: root, total: total, claimed: 0, deadline: deadline, swept: false});
        emit RoundOpened(round, root, total, deadline);
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(_msgSender(), address(this), total);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != total) revert FundingDiffers(received, total);
    }

    /// @notice Pays a leaf to its account. Anybody may send it.
    function claim(
        uint256 round,
        uint256 index,
        address account,
        uint256 amount,
        bytes32 salt,
        bytes32[] calldata proof
    ) external nonReentrant {
        Round storage opened = rounds[round];
        if (opened.root == 0) revert RoundUnknown(round);
        if (block.timestamp > opened.deadline) revert DeadlinePassed(opened.deadline);
        if (isClaimed(round, index)) revert AlreadyClaimed(round, index);
        bytes32 leaf = leafOf(round, index, account, amount, salt);
        if (!MerkleProof.verifyCalldata(proof, opened.root, leaf)) revert ProofInvalid();
        uint256 left = opened.total - opened.claimed;
        if (amount > left) revert RoundExhausted(left, amount);
        claimedWords[round][index >> 8] |= 1 << (index & 0xff);
        opened.claimed += amount;
        emit Claimed(round, index, account, amount);
        token.safeTransfer(account, amount);
    }

    /// @notice Gives back to the owner, once, what nobody claimed until the deadline.
    function sweep(uint256 round) external onlyOwner nonReentrant {
        Round storage opened = rounds[round];
        if (opened.root == 0) revert RoundUnknown(round);
        if (block.timestamp <= opened.deadline) revert DeadlineNotPassed(opened.deadline);
        if (opened.swept) revert AlreadySwept(round);
        opened.swept = true;
        uint256 left = opened.total - opened.claimed;
        emit Swept(round, left, _msgSender());
        // some tokens refuse to move nothing
        if (left > 0) token.safeTransfer(_msgSender(), left);
    }

    /// @notice Whether a leaf was paid.
    function isClaimed(uint256 round, uint256 index) public view returns (bool) {
        return claimedWords[round][index >> 8] & (1 << (index & 0xff)) != 0;
    }

    /// @notice The hash of a leaf: bound to this chain, this contract and the round, so that a proof holds nowhere else.
    /// @dev Hashed twice, so that no inner node, which is the hash of 64 bytes, can be shown as a leaf. The salt keeps those
    /// who see the hash as a sibling in their proof from guessing the amount.
    function leafOf(uint256 round, uint256 index, address account, uint256 amount, bytes32 salt)
        public
        view
        returns (bytes32)
    {
        bytes memory leaf = abi.encode(block.chainid, address(this), round, index, account, amount, salt);
        return keccak256(bytes.concat(keccak256(leaf)));
    }

    /// @notice Refused: see `OwnerRequired`.
    function renounceOwnership() public pure override {
        revert OwnerRequired();
    }
}
