import { sql } from 'drizzle-orm';
import { createDatabase } from '/work/main/db/client.ts';
import { connect } from '/work/main/db/connect.ts';
import { loginNames, loginUrl } from '/work/main/db/logins.ts';
import { migrateDatabase } from '/work/main/db/migrate.ts';
import { createAdmission } from '/work/main/platform/capabilities/limits/index.ts';
import { settleQuestion, startAttempt } from '/work/main/platform/capabilities/usage/index.ts';
import { findBinaries } from '/work/main/platform/services/binaries.ts';
import { startPostgres } from '/work/main/platform/services/postgres.ts';
import { temporaryHome } from '/work/main/platform/services/temporary-home.ts';
const { home, remove } = await temporaryHome();
const settings = JSON.parse(process.env.PG ?? '{}');
const pg = await startPostgres({ home, binaries: await findBinaries(['postgres']), settings });
const passwords = Object.fromEntries(loginNames.map((l) => [l, crypto.randomUUID()])) as never;
await migrateDatabase(pg.url, { queues: [], passwords });
const owner = connect(pg.url);
const db = createDatabase({ url: loginUrl(pg.url, 'tenant', (passwords as any).tenant), connections: 8 });
await owner`update subscription_plans set questions_per_day = 100000000, questions_per_month = 100000000, concurrent_questions = 100000000`;
const orgs = await owner`insert into organizations (name) select 'O' from generate_series(1, 500) returning id`;
await owner`vacuum analyze`;
const adm = createAdmission(db, { tokensPerMinute: { external: 1e15, internal: 1e15 }, secondsOpen: 150 });
const models = { standard: 'gpt-3.5-turbo', advanced: 'gpt-4', 'advanced-when-complex': 'gpt-4' };
const tokens = { questionTokens: 20, contextTokens: 2000, maxTokens: [] };
const q = (v: number[], s: number) => v.toSorted((a, b) => a - b)[Math.floor(v.length * s)]!.toFixed(2);
const t: Record<string, number[]> = {};
const time = async <T>(n: string, f: () => Promise<T>) => { const b = performance.now(); const r = await f(); (t[n] ??= []).push(performance.now() - b); return r; };
for (let i = 0; i < 1200; i++) {
  if (i === 200) for (const k in t) t[k] = [];
  const id = orgs[i % 500]!.id; const requestId = crypto.randomUUID();
  await time('select1', () => db.statement('select 1', []));
  await time('commit', () => db.tenant(id, (tx) => tx.execute(sql`update organizations set name = 'x' where id = ${id}`)));
  await time('admit', () => adm.admit({ caller: { organizationId: id, userId: crypto.randomUUID() }, requestId, tokens, models }));
  const attempt = await time('start', () => startAttempt(db, id, requestId));
  await time('baretx', () => db.tenant(id, (tx) => tx.execute(sql`select 1`)));
  await time('settletx', () => db.tenant(id, (tx) => settleQuestion(tx, id, requestId, [{ attempt, outcome: 'done', model: 'gpt-4', promptTokens: 1, completionTokens: 1, cachedTokens: 0 }])));
}
for (const k in t) console.log(k.padEnd(10), q(t[k]!, 0.5), q(t[k]!, 0.95), q(t[k]!, 0.99));
for (const [name, os] of [['one', orgs.slice(0, 1)], ['many', orgs]] as const) {
  let n = 0; const end = performance.now() + 4000; let turn = 0;
  const c0 = process.cpuUsage();
  await Promise.all(Array.from({ length: 128 }, async () => { while (performance.now() < end) { await adm.admit({ caller: { organizationId: os[turn++ % os.length]!.id, userId: crypto.randomUUID() }, requestId: crypto.randomUUID(), tokens, models }); n++; } }));
  const c = process.cpuUsage(c0);
  console.log(name, n / 4, 'per s; node cpu', ((c.user + c.system) / 4e6).toFixed(2));
}
await db.close(); await owner.end(); await pg.stop(); await remove();
