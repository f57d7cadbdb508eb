import type { Unit } from '../unit.ts';

const MIB = 1024 * 1024;

/**
 * What a process may take next to its heap before it is replaced. Measured: compiled code and Node itself take 7 MiB next to
 * a heap that is full, buffers of uploads and searches some 30, and passwords that are hashed on all of Node's four
 * threads 76.
 */
export const BESIDE_HEAP_MIB = 96;

/** A worker holds its children to limits of their own; this is more than any of them has. */
const CHILD_MIB = 1024;

/** Bytes above which a process is replaced. @param memoryMiB its heap limit, as manifests have it */
export const memoryCap = (memoryMiB: number): number => (memoryMiB + BESIDE_HEAP_MIB) * MIB;

/** Bytes above which it is ended at once. */
export const memoryEnd = (cap: number): number => 1.5 * cap;

/** MiB that the children of a worker's process may take together, next to its own. */
export const childrenMiB = ({ kind, manifest }: Unit): number =>
  kind === 'worker' && Object.keys(manifest.children).length > 0 ? manifest.concurrency * CHILD_MIB : 0;

/** Bytes that a process of a unit and all its children may take together, for the kernel to enforce. */
export const groupCap = (unit: Unit): number => memoryEnd(memoryCap(unit.manifest.memory)) + childrenMiB(unit) * MIB;
