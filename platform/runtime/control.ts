import type { ServerResponse } from 'node:http';
import type { InstanceReport } from '../kernel/instance-report.ts';

/** What the supervisor, or a cluster, asks an instance; the edge routes only a function's own mounts, so clients cannot reach these. */
export interface Control {
  ready(): Promise<void>;
  metrics(): Promise<string>;
  openapi(): object;
}

/**
 * Answered by the function itself, through all its middleware, so that this is compiled before clients ask. The supervisor asks a process
 * that is about to take over from others.
 */
export const WARM_UP = '/_pandect/warm-up';

export const isControl = (url: string | undefined): boolean => url?.startsWith('/_pandect/') ?? false;

export async function answerControl(
  control: Control & { state(): InstanceReport },
  url: string | undefined,
  response: ServerResponse,
): Promise<void> {
  // A control connection is never kept, or it would hold up a drain.
  response.shouldKeepAlive = false;
  try {
    switch (url) {
      case '/_pandect/alive':
        response.end('alive\n');
        return;
      case '/_pandect/ready':
        await control.ready();
        response.end('ready\n');
        return;
      case '/_pandect/state':
        response.end(JSON.stringify(control.state()));
        return;
      case '/_pandect/metrics':
        response.end(await control.metrics());
        return;
      case '/_pandect/openapi':
        response.end(JSON.stringify(control.openapi()));
        return;
      default:
        response.writeHead(404).end();
    }
  } catch (error) {
    response.writeHead(503).end(error instanceof Error ? error.message : 'failed');
  }
}
