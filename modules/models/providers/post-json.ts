import type { Json } from '../dialects/contract.ts';
import type { UpstreamRequest } from './adapter.ts';

/** @param headers those that say who asks */
export function postJson(url: string, headers: Record<string, string>, body: Json): UpstreamRequest {
  return {
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      accept: body.stream === true ? 'text/event-stream' : 'application/json',
      ...headers,
    },
    body: JSON.stringify(body),
  };
}
