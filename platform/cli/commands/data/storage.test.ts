import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalStorage, newStorageKey } from '../../../capabilities/storage/index.ts';
import { type TemporaryHome, temporaryHome } from '../../../services/temporary-home.ts';
import { serveSocket } from '../../../supervisor/control/serve-socket.ts';
import { controlSocket } from '../../../supervisor/traffic/socket-path.ts';
import { commandEnvironment } from '../../../testing/command-environment.ts';
import { type S3Server, startS3Server } from '../../../testing/s3-server.ts';

const main = join(import.meta.dirname, '../../../../pandect.ts');
let home: TemporaryHome;
let s3: S3Server;
beforeAll(async () => {
  home = await temporaryHome();
  s3 = await startS3Server();
});
afterAll(async () => {
  await s3.close();
  await home.remove();
});

const bucket = () => ({
  ...{ STORAGE: 's3', S3_ENDPOINT: s3.endpoint, S3_REGION: s3.region, S3_BUCKET: s3.bucket },
  ...{ S3_ACCESS_KEY_ID: s3.accessKeyId, S3_SECRET_ACCESS_KEY: s3.secretAccessKey, OUTBOUND_WHITELIST: '127.0.0.1' },
});
function storage(settings: Record<string, string>, ...args: string[]): Promise<{ code: number; output: string }> {
  const options = { env: { ...commandEnvironment, PANDECT_HOME: home.path, NO_COLOR: '1', ...settings } };
  return promisify(execFile)(process.execPath, [main, 'storage', ...args], options).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stdout, stderr }) => ({ code, output: stdout + stderr }),
  );
}

describe('pandect storage check', { timeout: 120_000 }, () => {
  it('tries each thing that is done with files, and leaves nothing', async () => {
    const { code, output } = await storage(bucket(), 'check', '--json');
    const { trials } = JSON.parse(output) as { trials: { step: string; state: string }[] };
    expect([code, trials.map(({ step, state }) => `${step} ${state}`)]).toEqual([
      0,
      ['write ok', 'read ok', 'read a part ok', 'list ok', 'presigned address ok', 'remove ok', 'versioning ok'],
    ]);
    expect(await s3.countObjects()).toBe(0);
    expect(await storage({}, 'check')).toMatchObject({ code: 0, output: expect.stringContaining('UPLOAD_DIR') });
  });

  it('ends with the first step that fails and says which setting to correct, or what is missing', async () => {
    const wrong = await storage({ ...bucket(), S3_SECRET_ACCESS_KEY: 'a wrong secret' }, 'check');
    expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining('correct S3_SECRET_ACCESS_KEY') });
    expect(wrong.output).not.toContain('a wrong secret');
    expect(await storage({ ...bucket(), S3_BUCKET: '' }, 'check')).toMatchObject({
      code: 1,
      output: expect.stringContaining('S3_BUCKET: missing: must be set with STORAGE=s3'),
    });
  });
});

describe('pandect storage move', { timeout: 120_000 }, () => {
  it('moves local files when the platform finds them on S3, and not before', async () => {
    const directory = home.home.files;
    await mkdir(directory, { recursive: true });
    const local = createLocalStorage({ directory });
    const keys = Array.from({ length: 10 }, newStorageKey);
    for (const key of keys) await local.write(key, Readable.from([Buffer.from(key)]), { maxBytes: 100 });
    expect(await storage({}, 'move', '--to', 's3')).toMatchObject({
      code: 1,
      output: expect.stringContaining('set STORAGE=s3'),
    });
    let place: object = { storage: 'local', endpoint: null, bucket: null };
    const control = new Hono().get('/operator/storage', (c) => c.json(place));
    const running = await serveSocket(control, controlSocket(home.home.run));
    expect(await storage(bucket(), 'move', '--to', 's3')).toMatchObject({
      code: 1,
      output: expect.stringContaining('give pandect restart first'),
    });
    expect(await s3.countObjects()).toBe(0);
    place = { storage: 's3', endpoint: s3.endpoint, bucket: s3.bucket };
    const { code, output } = await storage(bucket(), 'move', '--to', 's3', '--json');
    running.close();
    expect([code, JSON.parse(output)]).toEqual([0, { files: 10, bytes: 390 }]);
    for (const key of keys) expect(await readFile(s3.pathOf(key), 'utf8')).toBe(key);
    expect(await Array.fromAsync(local.list())).toEqual([]);
    expect((await storage(bucket(), 'move', '--to', 's3')).output).toBe('No files are left in the local folder\n');
  });
});
