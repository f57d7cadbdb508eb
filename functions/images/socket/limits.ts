/** Name of the protocol, which a client offers when it connects. */
export const PROTOCOL = 'pandect.v1';

export const closeCodes = {
  normal: 1000,
  /** After its longest life: the client connects again. */
  goOn: 1001,
  unsupported: 1003,
  failed: 1011,
  unauthorized: 4401,
  tooSlow: 4408,
  tooMany: 4429,
} as const;

export const socketLimits = {
  /** For the first message, with the token. */
  authorizeMs: 10_000,
  pingMs: 25_000,
  missedPings: 2,
  lifeMs: 3_600_000,
  follows: 50,
  socketsOfPerson: 5,
  /** For a message to leave. */
  slowMs: 10_000,
  /** Messages of a client: all follows at once after it has connected again, and some more. */
  messagesAtOnce: 120,
  messagesPerSecond: 20,
  /** After which a generation is read again though no change was heard, for its place in the line. */
  heartbeatMs: 15_000,
};

export type SocketLimits = typeof socketLimits;
