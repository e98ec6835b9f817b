"""The Merkle tree over a batch (RFC 9162, section 2.1)."""

from encoding import sha256


def leaf(h, f):
    return sha256(b"\0" + sha256(h.encode()) + sha256(f.encode()))


def node(left, right):
    return sha256(b"\1" + left + right)


def root_and_paths(leaves):
    """The root, and for every leaf its siblings, nearest first."""
    if len(leaves) == 1:
        return leaves[0], [[]]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, left_paths = root_and_paths(leaves[:split])
    right, right_paths = root_and_paths(leaves[split:])
    return node(left, right), [path + [right] for path in left_paths] + [path + [left] for path in right_paths]


def verify(leaf, index, size, path, root):
    """RFC 9162, section 2.1.3.2, with its names."""
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root
