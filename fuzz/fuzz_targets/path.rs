//! Paths of a Merkle tree: what a walk says of a path is what the path says alone, and only the right one holds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_fuzz::watched;
use miandan_seal::encoding::sha256;
use miandan_seal::merkle::{Walk, leaf, root_and_paths, verify};

fuzz_target!(|data: &[u8]| watched(|| {
    let [size, steps @ ..] = data else { return };
    let size = u32::from(*size % 70) + 1;
    let leaves: Vec<_> = (0..size).map(|i| leaf(&sha256(&i.to_be_bytes()), &sha256(b"f"))).collect();
    let (root, paths) = root_and_paths(&leaves);
    let mut walk = Walk::default();
    for step in steps.chunks_exact(4) {
        let (index, place) = (u32::from(step[0]) % size, u32::from(step[1]) % size);
        let mut path = paths[index as usize].clone();
        match (step[2], path.len()) {
            (0..=99, _) | (_, 0) => {}
            (100..=149, length) => path[usize::from(step[3]) % length][0] ^= step[3] | 1,
            (150..=199, length) => path.truncate(usize::from(step[3]) % length),
            (_, length) => path.insert(usize::from(step[3]) % length, root),
        }
        let holds = walk.verify(&leaves[index as usize], place, size, &path, &root);
        assert_eq!(holds, verify(&leaves[index as usize], place, size, &path, &root));
        assert_eq!(holds, place == index && path == paths[index as usize]);
    }
}));
