import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { recordUsage } from '../../../../modules/commerce/metering/index.ts';
import { testOrganization } from '../../../../modules/testing/organization.ts';
import type { Plan } from '../../../planner/make-plan.ts';
import { commandEnvironment } from '../../../testing/command-environment.ts';
import { testDatabase } from '../../../testing/database.ts';
import { operatorControl } from '../data/operator-control.fixture.ts';

const database = await testDatabase();
const { id, owner } = await testOrganization(database);
const { path, close } = await operatorControl(database);
afterAll(async () => {
  await close();
  await database.close();
});

const main = join(import.meta.dirname, '../../../../pandect.ts');
const plan = async (...args: string[]) => {
  const options = { env: { ...commandEnvironment, PANDECT_HOME: path, NO_COLOR: '1' } };
  return (await promisify(execFile)(process.execPath, [main, 'plan', '--measured', ...args], options)).stdout;
};

describe('pandect plan --measured', () => {
  it('plans for the load of the last seven days, and for what options say in its place', async () => {
    for (const action of ['ai_query', 'ai_query', 'reading', 'search'] as const) {
      await database.tenant.tenant(id, (tx) => recordUsage(tx, owner, { action }));
    }
    await database.tenant.tenant(id, (tx) => recordUsage(tx, owner, { action: 'gateway', metadata: { ms: 2_500 } }));
    await database.owner`
      insert into usage_logs (organization_id, action, created_at) values (${id}, 'ai_query', now() - interval '8 days')`;
    await database.owner`
      insert into documents (organization_id, title, file_name, format, bytes, sha256, storage_key, pages_total)
      values (${id}, 'Lease', 'lease.pdf', 'pdf', 2097152, 'a', 'k', 30)`;

    const made = JSON.parse(await plan('--reading-seconds', '4', '--json')) as Plan;
    const loadOf = (work: string) => made.loads.find((load) => load.work === work);
    expect(loadOf('questions')).toMatchObject({ requestsPerDay: 0.285714, requestsPerHour: 2, seconds: 8 });
    expect(loadOf('readings')).toMatchObject({ requestsPerHour: 1, seconds: 4 });
    expect(loadOf('gateway')).toMatchObject({ requestsPerHour: 1, seconds: 2.5 });
    expect(loadOf('documents')).toMatchObject({ requestsPerDay: 0.142857 });
    expect(made.host.cores).toBeGreaterThan(0);
    expect(made.disk.parts.find(({ name }) => name === 'documents')?.gib).toBeCloseTo(2 / 1024, 4);

    expect(await plan()).toMatch(
      /^Measured since \d{4}-\d\d-\d\d: 2 questions, 1 readings, 1 gateway, 0 images, 1 documents; the host is this one\n\nPlan for your host/,
    );
  });

  it('says where no platform runs', async () => {
    const options = { env: { ...commandEnvironment, PANDECT_HOME: join(path, 'none') } };
    const failure = promisify(execFile)(process.execPath, [main, 'plan', '--measured'], options);
    await expect(failure).rejects.toThrow(/Ask platform in ".*": none is running/);
  });
});
