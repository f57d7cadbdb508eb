import {
  checkOutbound,
  createOutboundFetch,
  isAllowedHost,
  type OutboundOptions,
} from '../../../../platform/capabilities/outbound/index.ts';
import { AiFailure } from '../../ai-failure.ts';
import { ImageGone, type ImageModel } from '../../image-model.ts';
import type { ImageProviderName } from '../provider-names.ts';
import { decodePicture } from './pictures.ts';
import { readBytes } from './read-bytes.ts';
import { type Answer, networkFailure, unansweredSubmit } from './submit-failure.ts';

/** How a provider is reached. */
export interface WireOptions extends Pick<OutboundOptions, 'internalHosts' | 'resolve' | 'places'> {
  baseUrl: string;
  /** Hosts that may be called, see OUTBOUND_WHITELIST. */
  allowedHosts: readonly string[];
  /** PEM of the authorities that may sign its certificate, in place of the usual ones. */
  ca?: string | undefined;
  /** Milliseconds for the answer to a submit. */
  submitMs?: number;
}

export interface ImageWire {
  /** Without a slash at its end. */
  baseUrl: string;
  /**
   * Sends a task once, over a connection of its own, so that it cannot go out again when a kept one turns out to be closed.
   * @throws NotAccepted, UncertainSubmit when there is no answer; whatever its status, an answer is returned
   */
  submit(url: string, headers: Record<string, string>, body: unknown, signal: AbortSignal): Promise<Answer>;
  /** @throws AiFailure when there is no answer */
  ask(
    call: { method: 'GET' | 'PUT' | 'POST'; url: string; headers: Record<string, string> },
    signal: AbortSignal,
  ): Promise<Answer>;
  /** Whether pictures are fetched at this address. */
  isPictureUrl(url: string): boolean;
  fetch: ImageModel['fetch'];
}

const CONNECT_MS = 10_000;
const SUBMIT_MS = 60_000;
const ASK_MS = 30_000;
const FETCH_MS = 120_000;
/** Of an answer, which may hold pictures in base64. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
const MAX_CONNECTIONS = 64;

/**
 * @param fileHosts hosts of its pictures, besides its own
 * @throws Error when the host of `baseUrl` is not allowed
 */
export function createImageWire(
  provider: ImageProviderName,
  options: WireOptions,
  fileHosts: readonly string[],
): ImageWire {
  const { allowedHosts, internalHosts, resolve, places, ca, submitMs = SUBMIT_MS } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  checkOutbound(baseUrl, allowedHosts);
  const connections = { connectMs: CONNECT_MS, ca, most: MAX_CONNECTIONS };
  const outbound = { places, ...(internalHosts && { internalHosts }), ...(resolve && { resolve }) };
  const callOnce = createOutboundFetch(allowedHosts, { ...outbound, connections: { ...connections, isKept: false } });
  const call = createOutboundFetch(allowedHosts, { ...outbound, connections: { ...connections, isKept: true } });
  const pictureHosts = [new URL(baseUrl).host, ...fileHosts];
  // A picture's address is a stranger's word: it leads to no internal address, even where the provider itself has one.
  const callFiles = createOutboundFetch(allowedHosts, {
    places,
    ...(resolve && { resolve }),
    connections: { ...connections, isKept: true },
  });
  const isPictureUrl = (text: string): boolean => {
    const url = URL.parse(text);
    return (
      url !== null &&
      /^https?:$/.test(url.protocol) &&
      isAllowedHost(url, pictureHosts) &&
      isAllowedHost(url, allowedHosts)
    );
  };

  return {
    baseUrl,
    isPictureUrl,

    async submit(url, headers, body, signal) {
      if (signal.aborted) throw unansweredSubmit(provider, 'cancelled', false);
      const limit = AbortSignal.any([signal, AbortSignal.timeout(submitMs)]);
      const init = { method: 'POST', headers: jsonHeaders(headers), body: JSON.stringify(body), signal: limit };
      let response: Response;
      try {
        response = await callOnce(url, init);
      } catch (error) {
        const { code, isConnected } = networkFailure(error);
        throw unansweredSubmit(provider, code, isConnected);
      }
      return readAnswer(response).catch((error) => {
        // Of a refusal, the status says enough.
        if (!response.ok) return { ...headOf(response), body: undefined };
        throw unansweredSubmit(provider, networkFailure(error).code, true);
      });
    },

    async ask({ method, url, headers }, signal) {
      const action = `Ask "${provider}" for a picture`;
      const limit = AbortSignal.timeout(ASK_MS);
      try {
        const init = { method, headers: jsonHeaders(headers), signal: AbortSignal.any([signal, limit]) };
        return await readAnswer(await call(url, init));
      } catch (error) {
        throw callFailure(action, error, signal, limit);
      }
    },

    async fetch(picture, { maxBytes, signal }) {
      const action = `Fetch a picture of "${provider}"`;
      if (signal.aborted) throw new AiFailure('cancelled', `${action}: cancelled`);
      if ('base64' in picture) return decodePicture(picture.base64, maxBytes);
      if (!isPictureUrl(picture.url)) throw new AiFailure('refused', `${action}: it is not at a host of the provider`);
      const limit = AbortSignal.timeout(FETCH_MS);
      try {
        const response = await callFiles(picture.url, { signal: AbortSignal.any([signal, limit]) });
        if (response.status === 200) return await readBytes(response, maxBytes);
        await response.body?.cancel();
        // Storages say 403 when an address has expired.
        if ([403, 404, 410].includes(response.status)) throw new ImageGone(`${action}: status ${response.status}`);
        throw statusFailure(action, response.status);
      } catch (error) {
        if (error instanceof ImageGone || error instanceof RangeError) throw error;
        throw callFailure(action, error, signal, limit);
      }
    },
  };
}

/** An answer that does not say what was asked. */
export function statusFailure(action: string, status: number): AiFailure {
  const message = `${action}: status ${status}`;
  if (status === 429 || status === 503) return new AiFailure('overloaded', message, { upstream: { status } });
  const isFinal = status === 401 || status === 403 || (status >= 300 && status < 400);
  return new AiFailure(isFinal ? 'refused' : 'broken', message, { upstream: { status } });
}

function callFailure(action: string, error: unknown, signal: AbortSignal, limit: AbortSignal): AiFailure {
  if (error instanceof AiFailure) return error;
  if (signal.aborted) return new AiFailure('cancelled', `${action}: cancelled`);
  if (limit.aborted) return new AiFailure('timeout', `${action}: no answer in time`);
  if (error instanceof RangeError) return new AiFailure('broken', `${action}: its answer is too large`);
  return new AiFailure('unreachable', `${action}: ${networkFailure(error).code}`);
}

const jsonHeaders = (headers: Record<string, string>) => ({
  'content-type': 'application/json',
  accept: 'application/json',
  ...headers,
});

const headOf = (response: Response): Omit<Answer, 'body'> => ({
  status: response.status,
  headers: Object.fromEntries(response.headers),
});

async function readAnswer(response: Response): Promise<Answer> {
  const text = (await readBytes(response, MAX_ANSWER_BYTES)).toString();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { ...headOf(response), body };
}
