/** What a supervisor tells the others that serve the same database. */
export interface Host {
  id: string;
  /** The machine's name. */
  name: string;
  version: string;
  /** Digest of the keys and passwords that all hosts must have alike; undefined before there are any. */
  keys: string | undefined;
  /** `local`, or server and bucket. */
  storage: string;
  /** `local`, or the server. */
  vectors: string;
}

/** A host that was heard of longer ago is taken for gone; one that runs is heard of every five seconds. */
export const GONE_AFTER_SECONDS = 30;
export const HEARTBEAT_MS = 5_000;
