import type { FailureReason } from '../providers/adapter.ts';

/** Why a call over the network did not succeed; its message names no address, secret or prompt. */
export class TransportFailure extends Error {
  readonly reason: Extract<FailureReason, 'unreachable' | 'timeout' | 'broken' | 'cancelled'>;
  /** Such as `ECONNREFUSED` or `connect_timeout`. */
  readonly code: string;

  constructor(reason: TransportFailure['reason'], code: string, options?: ErrorOptions) {
    super(`Call an upstream: ${code}`, options);
    this.name = 'TransportFailure';
    this.reason = reason;
    this.code = code;
  }
}

/** The failure that an error of a socket, of TLS, of the HTTP parser or of a decoder stands for. */
export function toTransportFailure(error: unknown): TransportFailure {
  if (error instanceof TransportFailure) return error;
  const { code } = error as NodeJS.ErrnoException;
  const name = typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : 'failed';
  return new TransportFailure(isUnreadable(name) ? 'broken' : 'unreachable', name, { cause: error });
}

/** Codes of llhttp, zlib, brotli and zstd. */
const isUnreadable = (code: string) => /^(HPE|Z|ERR__ERROR_FORMAT|ERR_BROTLI|ERR_ZSTD|ZSTD)_/.test(code);
