import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { describeFileStorage } from '../../platform/capabilities/storage/describe-file-storage.ts';
import { newStorageKey } from '../../platform/capabilities/storage/index.ts';
import { createS3Storage } from '../../platform/capabilities/storage/s3/s3-storage.ts';
import { countFiles, createTemporaryFolder } from '../../platform/capabilities/storage/temporary-folder.fixture.ts';

/* An S3 server by others, which checks signatures and refuses checksums behind a body: neither its code nor ours knows the other. */

/** It takes an end of 0 for no end, and knows no range that is outside of a file without bytes. */
const lacks = ['gives the bytes {"start":0,"end":0} of a file', 'says how long a file is that ends before the range'];

const program = '@20minutes/s3rver@5.0.0';
/** Each test has one; there are more than tests. */
const BUCKETS = 100;

const folder = await mkdtemp(join(tmpdir(), 'pandect-s3rver-'));
const failure = await promisify(execFile)('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', program], {
  cwd: folder,
}).then(
  () => undefined,
  (error: Error) => error.message,
);
const server = failure === undefined ? await start() : undefined;
let used = 0;
afterAll(async () => {
  server?.process.kill();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<{ process: ChildProcess; endpoint: string }> {
  const code = `
    const S3rver = require('@20minutes/s3rver');
    const configureBuckets = Array.from({ length: ${BUCKETS} }, (_, index) => ({ name: 'files-' + index }));
    const options = { address: '127.0.0.1', port: 0, silent: true, directory: './data', configureBuckets };
    new S3rver(options).run().then(({ port }) => console.log('http://127.0.0.1:' + port));`;
  const process = spawn('node', ['-e', code], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(process.stdout, 'data');
  return { process, endpoint: String(line).trim() };
}

async function open(changes: { secretAccessKey?: string } = {}) {
  const { directory, remove } = await createTemporaryFolder();
  const storage = createS3Storage({
    ...{ endpoint: server?.endpoint ?? '', region: 'us-east-1', bucket: `files-${used++}`, directory },
    ...{ accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', isPathStyle: true, allowedHosts: ['127.0.0.1'], ...changes },
  });
  return {
    storage,
    countObjects: async () => (await Array.fromAsync(storage.list())).length + (await countFiles(directory)),
    close: remove,
  };
}

if (failure !== undefined) {
  it.skip(`no independent S3 server: npm cannot install ${program}: ${failure.split('\n')[0]}`, () => {});
} else {
  describeFileStorage('S3, on an independent server', open, lacks);

  it('signs addresses as that server expects', async () => {
    const { storage, close } = await open();
    const key = newStorageKey();
    await storage.write(key, Readable.from([Buffer.from('%PDF')]), { maxBytes: 10 });
    const disposition = 'attachment; filename="a b.pdf"';
    const url = (await storage.presign(key, { disposition, mediaType: 'application/pdf' })) ?? '';
    const response = await fetch(url);
    expect([response.status, response.headers.get('content-disposition')]).toEqual([200, disposition]);
    expect(await response.text()).toBe('%PDF');
    expect((await fetch(url.replace('application%2Fpdf', 'text%2Fhtml'))).status).toBe(403);
    await close();
  });

  it('is refused there with another secret', async () => {
    const { storage, close } = await open({ secretAccessKey: 'other' });
    const written = storage.write(newStorageKey(), Readable.from([Buffer.from('x')]), { maxBytes: 10 });
    await expect(written).rejects.toThrow('correct S3_SECRET_ACCESS_KEY');
    await close();
  });
}
