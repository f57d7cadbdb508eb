import type { Context } from 'hono';
import { unsupportedTusVersion } from '../../../modules/legal/problems.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import type { RouterEnv } from '../../../platform/runtime/http/router-env.ts';
import type { ResumableDeps, UploadOutcome } from './finish-upload.ts';
import { createUploadDesk } from './upload-desk.ts';
import { invalid, toUploadProblem } from './upload-problem.ts';

const VERSION = '1.0.0';

/** Has the protocol's library answer a request. @throws Problem for all that it refuses */
export async function answerTus(c: Context<RouterEnv>, deps: ResumableDeps): Promise<Response> {
  // On refusals too, as the protocol has it.
  c.header('tus-resumable', VERSION);
  if (c.req.method !== 'OPTIONS' && c.req.header('tus-resumable') !== VERSION) {
    throw new Problem(unsupportedTusVersion, { headers: { 'tus-version': VERSION } });
  }
  // The library would read `1e9` as 1.
  for (const name of ['upload-length', 'upload-offset']) {
    if (!/^\d{0,15}$/.test(c.req.header(name) ?? '')) throw invalid(name, 'not a number of bytes');
  }
  const { createTusServer } = await import('./tus-server.ts');
  let outcome: UploadOutcome | undefined;
  const desk = createUploadDesk(deps, c.var.caller, (finished) => {
    outcome = finished;
  });
  const response = await createTusServer(desk).handleWeb(c.req.raw);
  if (response.status >= 400) throw toUploadProblem({ status_code: response.status, body: await response.text() });
  // Which origins may call is for all functions decided in one place.
  const own = [...response.headers].filter(([name]) => !name.startsWith('access-control-'));
  // None of these answers has a body.
  return c.body(null, response.status as 200, { ...Object.fromEntries(own), ...outcomeHeaders(outcome) });
}

/** What tells a client which document its upload became. */
export const outcomeHeaders = (outcome: UploadOutcome | undefined): Record<string, string> =>
  outcome ? { 'pandect-document-id': outcome.id, 'pandect-duplicate': String(outcome.duplicate) } : {};
