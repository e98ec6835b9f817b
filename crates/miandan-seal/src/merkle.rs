//! The Merkle tree over a batch (RFC 9162 §2.1): root, path of a leaf, and the check of a path.

use crate::encoding::{Hash, sha256};

/// The hash of a leaf: SHA-256 over 0x00 and the leaf's data (RFC 9162 §2.1.1).
///
/// The data of an order are `SHA-256(h) ‖ SHA-256(f)`, both over the text as carried.
#[must_use]
pub fn leaf(header: &Hash, fields: &Hash) -> Hash {
    let mut data = [0; 65];
    data[1..33].copy_from_slice(header);
    data[33..].copy_from_slice(fields);
    sha256(&data)
}

/// The hash of an inner node: SHA-256 over 0x01 and its two children (RFC 9162 §2.1.1).
fn join(left: &Hash, right: &Hash) -> Hash {
    let mut data = [0; 65];
    data[0] = 1;
    data[1..33].copy_from_slice(left);
    data[33..].copy_from_slice(right);
    sha256(&data)
}

/// The root of a tree (RFC 9162 §2.1.1); the hash of nothing for a tree without leaves.
#[must_use]
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => sha256(&[]),
        [only] => *only,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            join(&root(left), &root(right))
        }
    }
}

/// The root and the path of every leaf, nearest sibling first (RFC 9162 §2.1.3.1).
#[must_use]
pub fn root_and_paths(leaves: &[Hash]) -> (Hash, Vec<Vec<Hash>>) {
    fn grow(leaves: &[Hash], paths: &mut [Vec<Hash>]) -> Hash {
        if let [only] = leaves {
            return *only;
        }
        let at = split(leaves.len());
        let (left_paths, right_paths) = paths.split_at_mut(at);
        let left = grow(&leaves[..at], left_paths);
        let right = grow(&leaves[at..], right_paths);
        left_paths.iter_mut().for_each(|path| path.push(right));
        right_paths.iter_mut().for_each(|path| path.push(left));
        join(&left, &right)
    }

    let mut paths = vec![Vec::new(); leaves.len()];
    let root = if leaves.is_empty() { sha256(&[]) } else { grow(leaves, &mut paths) };
    (root, paths)
}

/// Whether the path leads from the leaf at `index` to the root of a tree of `size` leaves, and ends there
/// (RFC 9162 §2.1.3.2).
#[must_use]
pub fn verify(leaf: &Hash, index: u32, size: u32, path: &[Hash], root: &Hash) -> bool {
    Walk::default().verify(leaf, index, size, path, root)
}

/// Paths of one tree, one after the other.
///
/// Neighbours share the upper part of their paths. Once a path was followed to the root, another one needs to be
/// followed only to where it meets that one: a node that is the same, in the same place, with the same siblings above
/// it, leads to the same root. For orders in a row this leaves two hashes of seven in a batch of a hundred.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// The nodes of the last path that held, each as it was before the sibling of the same index joined it.
    nodes: Vec<Node>,
    siblings: Vec<Hash>,
    /// The nodes of the path at hand, kept for its capacity.
    walked: Vec<Node>,
}

/// A node on the way up: where it is, in the words of the RFC `fn` and `sn`, and its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Node {
    first: u32,
    last: u32,
    hash: Hash,
}

impl Walk {
    /// As [`verify`](fn@verify). All calls have to be about one tree, with one size and one root.
    #[must_use]
    pub fn verify(&mut self, leaf: &Hash, index: u32, size: u32, path: &[Hash], root: &Hash) -> bool {
        if index >= size {
            return false;
        }
        let mut node = Node { first: index, last: size - 1, hash: *leaf };
        self.walked.clear();
        for (level, sibling) in path.iter().enumerate() {
            if self.nodes.get(level) == Some(&node) && self.siblings[level..] == path[level..] {
                self.nodes[..level].copy_from_slice(&self.walked);
                self.siblings[..level].copy_from_slice(&path[..level]);
                return true;
            }
            if node.last == 0 {
                return false;
            }
            self.walked.push(node);
            node = node.parent(sibling);
        }
        let holds = node.last == 0 && node.hash == *root;
        if holds {
            std::mem::swap(&mut self.nodes, &mut self.walked);
            self.siblings.clear();
            self.siblings.extend_from_slice(path);
        }
        holds
    }
}

impl Node {
    fn parent(self, sibling: &Hash) -> Self {
        let Node { mut first, mut last, hash } = self;
        let hash = if first & 1 == 1 || first == last {
            while first & 1 == 0 && first != 0 {
                first >>= 1;
                last >>= 1;
            }
            join(sibling, &hash)
        } else {
            join(&hash, sibling)
        };
        Node { first: first >> 1, last: last >> 1, hash }
    }
}

/// The largest power of two smaller than `count`, which is at least 2.
fn split(count: usize) -> usize {
    1 << (count - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(count: usize) -> Vec<Hash> {
        (0..count).map(|i| leaf(&sha256(&i.to_be_bytes()), &sha256(b"fields"))).collect()
    }

    fn hex(text: &str) -> Hash {
        let mut hash = [0; 32];
        for (byte, digits) in hash.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap();
        }
        hash
    }

    /// The inputs and roots that Certificate Transparency implementations share
    /// (google/certificate-transparency, `merkletree/merkle_tree_test.cc`).
    #[test]
    fn known_roots() {
        let inputs: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let hashes: Vec<Hash> = inputs.iter().map(|input| sha256(&[&[0], *input].concat())).collect();
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        for (count, expected) in (1..).zip(roots) {
            assert_eq!(root(&hashes[..count]), hex(expected), "{count} leaves");
        }
    }

    #[test]
    fn every_path_of_every_small_tree_holds() {
        for size in 1..=33 {
            let leaves = leaves(size);
            let (top, paths) = root_and_paths(&leaves);
            assert_eq!(top, root(&leaves));
            for (index, (leaf, path)) in leaves.iter().zip(&paths).enumerate() {
                assert!(verify(leaf, index as u32, size as u32, path, &top), "{index} of {size}");
            }
        }
    }

    #[test]
    fn no_tampered_path_holds() {
        for size in 1..=33_u32 {
            let leaves = leaves(size as usize);
            let (top, paths) = root_and_paths(&leaves);
            for (index, (leaf, path)) in (0..).zip(leaves.iter().zip(&paths)) {
                for other in (0..size + 2).filter(|&other| other != index) {
                    assert!(!verify(leaf, other, size, path, &top), "{index} of {size} as {other}");
                }
                for at in 0..path.len() {
                    let mut flipped = path.clone();
                    flipped[at][31] ^= 1;
                    assert!(!verify(leaf, index, size, &flipped, &top));
                    let mut shorter = path.clone();
                    shorter.remove(at);
                    assert!(!verify(leaf, index, size, &shorter, &top));
                }
                let mut longer = path.clone();
                longer.push(top);
                assert!(!verify(leaf, index, size, &longer, &top));
                longer.rotate_right(1);
                assert!(!verify(leaf, index, size, &longer, &top));
                assert!(!verify(&sha256(leaf), index, size, path, &top));
                assert!(!verify(leaf, index, size, path, leaf) || size == 1);
            }
        }
        assert!(!verify(&[0; 32], 0, 0, &[], &sha256(&[])), "a tree without leaves has no path");
    }
    #[test]
    fn a_walk_says_of_every_path_what_it_is_alone() {
        for size in 1..=20_u32 {
            let leaves = leaves(size as usize);
            let (top, paths) = root_and_paths(&leaves);
            let mut walk = Walk::default();
            // Forwards, backwards, by leaps, and each path once more with a defect in between.
            let leaps = (0..3 * size).map(|step| step * 7 % size);
            for index in (0..size).chain((0..size).rev()).chain(leaps) {
                let (leaf, path) = (leaves[index as usize], &paths[index as usize]);
                assert!(walk.verify(&leaf, index, size, path, &top), "{index} of {size}");
                for at in 0..path.len() {
                    let mut flipped = path.clone();
                    flipped[at][0] ^= 1;
                    assert!(!walk.verify(&leaf, index, size, &flipped, &top), "{index} of {size}");
                    assert!(!walk.verify(&leaf, index, size, &path[..at], &top), "{index} of {size}");
                }
                assert!(!walk.verify(&sha256(&leaf), index, size, path, &top));
                let mut longer = path.clone();
                longer.push(top);
                assert!(!walk.verify(&leaf, index, size, &longer, &top));
                let other = (index + 1) % size;
                assert_eq!(walk.verify(&leaf, other, size, path, &top), other == index);
            }
        }
    }
}
