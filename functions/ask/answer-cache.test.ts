import { describe, expect, it } from 'vitest';
import { testOrganization } from '../../modules/testing/organization.ts';
import { testApp } from '../../platform/testing/app.ts';
import { NO_REDIS_URL } from '../../platform/testing/redis.ts';
import * as module from './app.ts';
import { askScene, lease, rent, supply } from './ask.fixture.ts';
import manifest from './function.ts';

const { database, app, add, mine, ask, usedToday } = await askScene();

describe('the cache', () => {
  it('answers the same question again without tokens, and counts it all the same', async () => {
    const org = await testOrganization(database);
    await add(org.id, 'lease.txt', lease);
    const first = (await ask({ question: rent }, org.owner)).body;
    const second = (await ask({ question: '  what is the MONTHLY   rent ' }, org.owner)).body;
    expect(second).toEqual({
      ...first,
      cached: true,
      metadata: { ...first.metadata, attempts: 0 },
      usage: { promptTokens: 0, completionTokens: 0, cachedTokens: 0 },
      conversationId: expect.any(String),
    });
    expect(second.conversationId).not.toBe(first.conversationId);
    expect(await usedToday(org.id)).toBe(2);
  });

  it('is never another organization’s', async () => {
    await ask({ question: rent });
    const { body } = await ask({ question: rent }, (await testOrganization(database)).owner);
    expect(body).toMatchObject({ cached: false, answered: false });
  });

  it('is not used after the documents changed', async () => {
    const org = await testOrganization(database);
    await add(org.id, 'lease.txt', lease);
    await ask({ question: rent }, org.owner);
    await add(org.id, 'supply.txt', supply);
    expect((await ask({ question: rent }, org.owner)).body.cached).toBe(false);
  });

  it('can be done without', async () => {
    const without = await testApp(
      database,
      { name: 'ask', manifest, module },
      {
        environment: { REDIS_URL: NO_REDIS_URL },
        folder: app.folder,
      },
    );
    for (let times = 0; times < 2; times++) {
      expect((await ask({ question: rent }, mine.owner, {}, without)).body).toMatchObject({
        answered: true,
        cached: false,
      });
    }
    await without.close();
  });
});
