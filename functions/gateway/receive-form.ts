import type { Context } from 'hono';
import { Problem } from '../../platform/kernel/problem.ts';
import { unavailable, unsupportedMediaType } from '../../platform/kernel/problems.ts';
import type { RouterEnv } from '../../platform/runtime/http/router-env.ts';
import { readBytes } from './read-json.ts';

/** Bytes of forms that are in this process at the same time: the largest one that there may be. */
const MOST_HELD = 67_108_864;

export interface ReceivedForm {
  form: Buffer;
  contentType: string;
  /** Has to be called once the form is no longer needed. */
  release(): void;
}

/** Takes in forms, which are kept in memory while a target is asked; more than there is room for come back later. */
export type ReceiveForm = (c: Context<RouterEnv>, most: number) => Promise<ReceivedForm>;

export function createFormReceiver(mostHeld = MOST_HELD): ReceiveForm {
  let held = 0;
  /** @throws Problem unsupported-media-type, payload-too-large; unavailable while there is no room */
  return async (c, most) => {
    const contentType = c.req.header('content-type') ?? '';
    if (!/^multipart\/form-data\s*;/i.test(contentType))
      throw new Problem(unsupportedMediaType, { parameters: { expected: 'multipart/form-data' } });
    const announced = Number(c.req.header('content-length'));
    const room = Number.isNaN(announced) ? most : Math.min(announced, most);
    if (held > 0 && held + room > mostHeld)
      throw new Problem(unavailable, { parameters: { seconds: 1 }, headers: { 'Retry-After': '1' } });
    held += room;
    let isReleased = false;
    const release = () => {
      if (!isReleased) held -= room;
      isReleased = true;
    };
    try {
      return { form: await readBytes(c, most), contentType, release };
    } catch (error) {
      release();
      throw error;
    }
  };
}
