import { afterAll } from 'vitest';
import { testOrganization } from '../../modules/testing/organization.ts';
import { type TestApp, testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

export type Call = Parameters<TestApp['json']>[0];
export const problem = (name: string) => `urn:pandect:problem:${name}`;
export const noOverrides = {
  ...{ questionsPerDay: null, questionsPerMonth: null, concurrentQuestions: null, documents: null, users: null },
  ...{ modelPolicy: null, maxTokensPerQuestion: null, fileBytes: null, storageBytes: null },
};

/** The function with an administrator, who has an organization of their own. */
export async function adminScene() {
  const database = await testDatabase();
  const app = await testApp(database, { name: 'admin', manifest, module });
  afterAll(async () => {
    await app.close();
    await database.close();
  });
  const { owner: admin, ...own } = await testOrganization(database, { name: 'Administration' });
  await database.owner`update users set administrator = true where id = ${admin.userId}`;

  const ask = (call: Call, json?: unknown, headers = {}) => app.json(call, { as: admin, json, headers });
  const entries = async (organizationId: string) => {
    const rows = await database.owner<{ action: string; actor: string }[]>`
      select action, actor from audit_log where organization_id = ${organizationId} order by created_at, id`;
    return rows.filter(({ actor }) => actor === admin.email).map(({ action }) => action);
  };
  /** What the administrator changed; looking is written down too. */
  const acts = async (organizationId: string) =>
    (await entries(organizationId)).filter((act) => !/^(read|list)-/.test(act));
  return { database, app, admin, own, ask, entries, acts };
}
