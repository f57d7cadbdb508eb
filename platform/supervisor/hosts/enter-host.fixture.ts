import { defineSecretKey } from '../../kernel/environment.ts';
import { prepareHome } from '../../services/home.ts';
import { placesOf } from '../home/whole-home.ts';
import { prepareData } from '../prepare-data.ts';
import { digestOfKeys } from './shared-keys.ts';

// Enters a database as a host does at its start, and prints a digest of its keys, or why it may not serve.
const [path = '', databaseUrl = '', hosts = '2'] = process.argv.slice(2);
const source = {
  ...{ DATABASE_URL: databaseUrl, REDIS_URL: 'redis://localhost:1', QDRANT_URL: 'http://qdrant:6333' },
  ...{ STORAGE: 's3', S3_ENDPOINT: 'https://s3.example', S3_BUCKET: 'files' },
};
const home = await prepareHome(path);
const places = placesOf(home, source);
const variables = [defineSecretKey('SHARED_KEY_PATH', 'shared-key', 'A key')];
const tell = (line: string) => void process.stderr.write(`${line}\n`);
try {
  await prepareData(
    {
      ...{ composition: { variables }, settings: { PANDECT_HOSTS: Number(hosts), CACHE_PREFIX: '' } },
      ...{ live: { source }, signal: new AbortController().signal },
    },
    { home, places, databaseUrl, hasRedis: false, declared: [] },
    tell,
  );
  process.stdout.write(`${await digestOfKeys({ places, variables, source })}\n`);
} catch (error) {
  tell((error as Error).message);
  process.exitCode = 1;
}
