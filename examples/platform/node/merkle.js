// The Merkle tree over a batch (RFC 9162, section 2.1).

import { sha256 } from './encoding.js';

export const leaf = (h, f) => sha256(Buffer.from([0]), sha256(h), sha256(f));
const node = (left, right) => sha256(Buffer.from([1]), left, right);

// The root, and for every leaf its siblings, nearest first.
export function rootAndPaths(leaves) {
  if (leaves.length === 1) return [leaves[0], [[]]];
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  const [left, leftPaths] = rootAndPaths(leaves.slice(0, split));
  const [right, rightPaths] = rootAndPaths(leaves.slice(split));
  const paths = [...leftPaths.map((path) => [...path, right]), ...rightPaths.map((path) => [...path, left])];
  return [node(left, right), paths];
}

// RFC 9162, section 2.1.3.2, with its names.
export function verify(leaf, index, size, path, root) {
  if (index >= size) return false;
  let [fn, sn, r] = [index, size - 1, leaf];
  for (const p of path) {
    if (sn === 0) return false;
    if (fn & 1 || fn === sn) {
      r = node(p, r);
      while (!(fn & 1) && fn !== 0) [fn, sn] = [fn >>> 1, sn >>> 1];
    } else {
      r = node(r, p);
    }
    [fn, sn] = [fn >>> 1, sn >>> 1];
  }
  return sn === 0 && r.equals(root);
}
