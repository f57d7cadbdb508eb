import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { remember } from '../../kernel/calls/remember.ts';
import { clientAddress, clientNetwork, inNetworks } from '../../kernel/client-address.ts';
import { pickLanguage } from '../../kernel/problem.ts';
import { requestClient } from '../../kernel/request-client.ts';
import type { Boot } from '../boot.ts';
import { WARM_UP } from '../control.ts';
import { requestIdFrom } from '../request-id.ts';
import { addHeader } from './add-header.ts';
import type { Caller } from './caller.ts';
import type { RouterEnv } from './router-env.ts';

const tracer = trace.getTracer('pandect');

/** Probes come every few seconds and say nothing when they succeed. */
const unlogged = new Set(['/health', '/ready', WARM_UP]);

/** An operator wants to know who met a limit. */
const aboutLimits = new Set([402, 403, 429]);

/** Headers that come again with almost every request, of which what they say is kept. */
const REMEMBERED = 1_000;

/** Gives each request an id, a language and a log; counts, times, traces and logs its answer. */
export function observe(boot: Boot): MiddlewareHandler<RouterEnv> {
  const tracing = boot.runtime.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined;
  const isTrusted = inNetworks(boot.runtime.TRUSTED_PROXIES);
  const clientOf = remember(REMEMBERED, (forwardedFor) => {
    const address = clientAddress(forwardedFor, isTrusted);
    return { address, network: clientNetwork(address) };
  });
  const languageOf = remember(REMEMBERED, pickLanguage);
  return async (c, next) => {
    const started = performance.now();
    const requestId = requestIdFrom(c.req.header('x-request-id'));
    c.set('requestId', requestId);
    const { address, network } = clientOf(c.req.header('x-forwarded-for') ?? '');
    c.set('address', address);
    c.set('language', languageOf(c.req.header('accept-language') ?? ''));
    const log = boot.log.child({ requestId });
    c.set('log', log);
    addHeader(c, 'x-request-id', requestId);

    await requestClient.run({ address, userAgent: c.req.header('user-agent') }, () =>
      tracing ? traced(c, next) : next(),
    );

    const seconds = (performance.now() - started) / 1000;
    const endpoint = pattern(c);
    // A failure after the client left is counted as its leaving, by the status that proxies use for it.
    const status = c.res.status >= 500 && c.req.raw.signal.aborted ? 499 : c.res.status;
    if (c.req.path !== WARM_UP) boot.metrics.request(c.req.method, endpoint, status, seconds);
    if (!unlogged.has(c.req.path)) {
      const ms = Math.round(seconds * 1000);
      const refused = aboutLimits.has(status) && {
        organizationId: (c.get('caller') as Caller | undefined)?.organizationId,
      };
      log.info({ method: c.req.method, endpoint, status, ms, client: network, ...refused }, 'Request');
    }
  };
}

/** The pattern of the route that answered, so that ids in paths never become labels. */
const pattern = (c: Context): string => labelOf(routePath(c, -1));

/** Routes are as many as the function has. */
const labelOf = remember(REMEMBERED, (path) =>
  path.includes('*') ? 'unmatched' : path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}'),
);

async function traced(c: Context<RouterEnv>, next: () => Promise<void>): Promise<void> {
  const parent = propagation.extract(context.active(), { traceparent: c.req.header('traceparent') });
  await tracer.startActiveSpan(c.req.method, { kind: SpanKind.SERVER }, parent, async (span) => {
    await next();
    span.updateName(`${c.req.method} ${pattern(c)}`);
    span.setAttributes({
      'http.request.method': c.req.method,
      'http.route': pattern(c),
      'http.response.status_code': c.res.status,
      'pandect.request_id': c.var.requestId,
    });
    if (c.res.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    const carrier: Record<string, string> = {};
    propagation.inject(context.active(), carrier);
    if (carrier.traceparent) c.header('traceparent', carrier.traceparent);
    span.end();
  });
}
