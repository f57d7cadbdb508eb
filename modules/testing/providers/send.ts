import type { UpstreamRequest, UpstreamResponse } from '../../models/providers/adapter.ts';
import { createTransport } from '../../models/upstream/transport.ts';

const timeouts = { connectMs: 2_000, firstMs: 2_000, idleMs: 2_000, totalMs: 10_000 };
const loopback = { name: 'loopback', kind: 'openai' as const, baseUrl: '', keys: [], timeouts, options: {} };

/** Sends over the transport of the gateway, whose connections are closed afterwards. */
export async function send(request: UpstreamRequest): Promise<UpstreamResponse> {
  const transport = createTransport({ allowedHosts: ['127.0.0.1'] });
  const response = await transport.send(loopback, request, AbortSignal.timeout(timeouts.totalMs));
  response.body.once('close', () => transport.close());
  return response;
}

export async function readText({ body }: UpstreamResponse): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
