import { createHash, randomUUID } from 'node:crypto';
import { isJson } from '../../dialects/json.ts';
import { invalid } from '../../dialects/refuse.ts';
import type { AdapterCall } from '../adapter.ts';
import { readSmallBody } from '../read-small-body.ts';
import { UpstreamError } from '../upstream-error.ts';
import { gigaChatFailure } from './failure-of.ts';

/** Conversations send their pictures again with each turn, and attempts with each try. */
const KEPT_MS = 3_600_000;
const MOST_KEPT = 200;

interface Upload {
  id: string;
  /** Of the account that it belongs to. */
  account: string;
  at: number;
}

/** Pictures in the storage of GigaChat accounts. They are deleted there when they are no longer kept here. */
export interface Pictures {
  /**
   * The id of a picture in the storage of the call's account.
   * @param url data URL with base64
   * @param authorization header of that account
   * @throws UpstreamError; Problem invalid-request for a URL that holds no picture
   */
  upload(url: string, authorization: string, call: AdapterCall): Promise<string>;
}

export function createPictures(now: () => number = Date.now): Pictures {
  const kept = new Map<string, Upload>();
  return {
    async upload(url, authorization, call) {
      const account = `${call.provider.name} ${call.key.id}`;
      const name = createHash('sha256').update(`${account}\n${url}`).digest('base64');
      const known = kept.get(name);
      if (known && known.at + KEPT_MS > now()) return known.id;
      const id = await put(url, authorization, call);
      const old = takeOld(account);
      kept.set(name, { id, account, at: now() });
      for (const each of old) remove(each, authorization, call);
      return id;
    },
  };

  /** Ids of those of an account that are kept no longer. Those of others are found with its next upload: only its key may delete them. */
  function takeOld(account: string): string[] {
    const ours = [...kept].filter(([, upload]) => upload.account === account);
    const excess = ours.length + 1 - MOST_KEPT;
    const old = ours.filter(([, { at }], index) => index < excess || at + KEPT_MS <= now());
    for (const [name] of old) kept.delete(name);
    return old.map(([, { id }]) => id);
  }
}

/** Not waited for: a file that stays costs a little room, and the question that is asked must not fail for it. */
function remove(id: string, authorization: string, call: AdapterCall): void {
  const url = `${call.provider.baseUrl}/files/${encodeURIComponent(id)}/delete`;
  const sent = call.send({ method: 'POST', url, headers: { authorization } });
  sent.then(({ body }) => body.resume().on('error', () => {})).catch(() => {});
}

async function put(url: string, authorization: string, call: AdapterCall): Promise<string> {
  const picture = /^data:(image\/[\w.+-]{1,40});base64,([A-Za-z0-9+/=\s]+)$/.exec(url);
  if (!picture) throw invalid('body.messages', 'must hold pictures as data URLs with an image type and base64');
  const [, type = '', data = ''] = picture;
  const boundary = `pandect-${randomUUID()}`;
  const head = [
    `--${boundary}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\ngeneral\r\n`,
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="picture.${type.slice(6)}"\r\n`,
    `Content-Type: ${type}\r\n\r\n`,
  ];
  const response = await call.send({
    method: 'POST',
    url: `${call.provider.baseUrl}/files`,
    headers: { authorization, accept: 'application/json', 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([
      Buffer.from(head.join('')),
      Buffer.from(data, 'base64'),
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  });
  const text = await readSmallBody(response.body);
  const action = `Upload a picture to "${call.provider.name}"`;
  if (response.status !== 200)
    throw new UpstreamError(action, gigaChatFailure(response.status, response.headers, text));
  const id = idIn(text);
  if (id === undefined) throw new UpstreamError(action, { reason: 'broken', status: 200 });
  return id;
}

function idIn(text: string): string | undefined {
  try {
    const file: unknown = JSON.parse(text);
    return isJson(file) && typeof file.id === 'string' && file.id !== '' ? file.id : undefined;
  } catch {
    return undefined;
  }
}
