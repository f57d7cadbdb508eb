import { BESIDE_HEAP_MIB } from '../process/memory-cap.ts';

export interface HostMemory {
  totalBytes: number;
  /** What new processes can take; less what those that are just starting, of any unit, will still take. */
  availableBytes: number;
}

const MIB = 1024 * 1024;

/** What a process may come to take. @param memory its heap limit in MiB, as manifests have it */
export const processBytes = (memory: number): number => (memory + BESIDE_HEAP_MIB) * MIB;

/** What scaling leaves free for everything else on the host: a tenth, but not less than 256 MiB. */
export const reserveBytes = ({ totalBytes }: HostMemory): number => Math.max(totalBytes / 10, 256 * MIB);

export const inMebibytes = (bytes: number): number => Math.round(bytes / MIB);
