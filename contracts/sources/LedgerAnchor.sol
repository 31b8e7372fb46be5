// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";

/// @title Anchors of a transparency log
/// @notice Keeps the signed heads of one append-only log, each with its place in a chain of anchors: whoever wrote the
/// log cannot take back or replace a head that stands here. A head is the size of an RFC 9162 Merkle tree over SHA-256
/// and its root.
/// @dev That a larger tree begins with the smaller one cannot be seen from two roots: outsiders check it with the log's
/// consistency proofs. The contract holds what they check them against.
contract LedgerAnchor is AccessControl {
    /// @notice Who may publish anchors.
    bytes32 public constant ANCHOR_ROLE = keccak256("ANCHOR_ROLE");

    struct Anchor {
        bytes32 root;
        uint64 size;
        uint64 anchoredAt;
    }

    /// @dev The previous root is that of the anchor before, so it is not kept twice.
    mapping(uint64 sequence => Anchor) private _anchors;
    uint64 private _last;

    /// @notice A head of the log was anchored.
    event Anchored(uint64 indexed sequence, uint64 size, bytes32 root, bytes32 previousRoot, address indexed by);

    /// @notice Anchors are numbered without gaps: the next one has the number `expected`.
    error SequenceNotNext(uint64 given, uint64 expected);
    /// @notice A log only grows: it must be larger than the anchored one of `head` records.
    error SizeNotLarger(uint64 given, uint64 head);
    /// @notice The publisher knows another anchored head than the one that stands here.
    error PreviousRootDiffers(bytes32 given, bytes32 head);

    /// @param admin grants and revokes roles
    /// @param publisher has ANCHOR_ROLE from the start
    constructor(address admin, address publisher) {
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        _grantRole(ANCHOR_ROLE, publisher);
    }

    /// @notice Anchors the next head of the log.
    /// @param sequence one more than the anchored head's
    /// @param size records in the log, more than at the anchored head
    /// @param root of the tree over them
    /// @param previousRoot root of the anchored head; zero for the first anchor
    function publish(uint64 sequence, uint64 size, bytes32 root, bytes32 previousRoot) external onlyRole(ANCHOR_ROLE) {
        uint64 last = _last;
        Anchor storage current = _anchors[last];
        if (sequence != last + 1) revert SequenceNotNext(sequence, last + 1);
        if (size <= current.size) revert SizeNotLarger(size, current.size);
        if (previousRoot != current.root) revert PreviousRootDiffers(previousRoot, current.root);
        _anchors[sequence] = Anchor({root: root, size: size, anchoredAt: uint64(block.timestamp)});
        _last = sequence;
        emit Anchored(sequence, size, root, previousRoot, _msgSender());
    }

    /// @notice The last anchor; all zero before the first.
    function head() external view returns (uint64 sequence, uint64 size, bytes32 root) {
        sequence = _last;
        Anchor storage current = _anchors[sequence];
        return (sequence, current.size, current.root);
    }

    /// @notice An anchor by its number, from 1; all zero when there is none.
    /// @return size records in the log
    /// @return root of the tree over them
    /// @return previousRoot root of the anchor before
    /// @return anchoredAt the block's time in seconds
    function anchors(uint64 sequence)
        external
        view
        returns (uint64 size, bytes32 root, bytes32 previousRoot, uint64 anchoredAt)
    {
        Anchor storage anchor = _anchors[sequence];
        if (anchor.size == 0) return (0, 0, 0, 0);
        return (anchor.size, anchor.root, _anchors[sequence - 1].root, anchor.anchoredAt);
    }

    /// @notice Whether a record's commitment is the leaf at an index of the tree that was anchored.
    /// @dev RFC 9162 section 2.1.3.2, over SHA-256; the leaf's hash is SHA-256(0x00 || commitment).
    /// @param sequence the anchor's number
    /// @param index of the leaf, from 0
    /// @param commitment the leaf's entry: SHA-256(salt || body)
    /// @param proof siblings from the leaf up
    /// @return whether it is; false for an anchor that does not exist
    function verifyInclusion(uint64 sequence, uint64 index, bytes32 commitment, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        Anchor storage anchor = _anchors[sequence];
        if (index >= anchor.size) return false;
        uint64 place = index;
        uint64 end = anchor.size - 1;
        bytes32 hash = sha256(abi.encodePacked(bytes1(0x00), commitment));
        for (uint256 i = 0; i < proof.length; ++i) {
            if (end == 0) return false;
            if (place & 1 == 1 || place == end) {
                hash = sha256(abi.encodePacked(bytes1(0x01), proof[i], hash));
                // levels at which the last node has no sibling
                while (place & 1 == 0 && place != 0) (place, end) = (place >> 1, end >> 1);
            } else {
                hash = sha256(abi.encodePacked(bytes1(0x01), hash, proof[i]));
            }
            (place, end) = (place >> 1, end >> 1);
        }
        return end == 0 && hash == anchor.root;
    }
}
