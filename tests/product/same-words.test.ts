import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, createAccount, type Document } from '../support/http/client.ts';
import { expectProblem } from '../support/http/problems.ts';
import { sharedPlatform } from '../support/shared-platform.ts';

/** Two organizations with the same words in their documents; only the sum tells whose answer it is. */
const sums = ['4711', '8832'];

let accounts: [Account, Account];
let documents: [string, string];

beforeAll(async () => {
  const platform = await sharedPlatform();
  const made = await Promise.all(sums.map(() => createAccount(platform)));
  accounts = made as [Account, Account];
  const added = await Promise.all(
    accounts.map((account, index) =>
      account.add('agreement.txt', `Article 1. The penalty for late delivery is ${sums[index]} euros for each day.\n`),
    ),
  );
  documents = added as [string, string];
});

const both = [
  [0, 1],
  [1, 0],
] as const;

describe('two organizations with the same words', () => {
  it.each(both)('get answers from their own documents only (%i, not %i)', async (mine, theirs) => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => (accounts[mine] as Account).ask('How high is the penalty for late delivery?')),
    );
    for (const { answer, answered, citations } of answers) {
      expect(answered).toBe(true);
      expect(citations.map(({ documentId }) => documentId)).toEqual([documents[mine]]);
      expect(answer).toContain(sums[mine]);
      expect(answer).not.toContain(sums[theirs]);
    }
  });

  it.each(both)('get streams from their own documents only (%i, not %i)', async (mine, theirs) => {
    const events = await accounts[mine].askStream('And how high is the penalty for a late delivery now?');
    expect(JSON.stringify(events)).toContain(documents[mine]);
    expect(JSON.stringify(events)).not.toContain(documents[theirs]);
    expect(JSON.stringify(events)).not.toContain(sums[theirs]);
  });

  it.each(both)('find their own passages only (%i, not %i)', async (mine, theirs) => {
    const hits = await accounts[mine].search(`penalty delivery ${sums[theirs]}`, { limit: 50 });
    expect(hits.map(({ documentId }) => documentId)).toEqual([documents[mine]]);
    const named = await accounts[mine].search('penalty', { documentIds: [documents[theirs]] });
    expect(named).toEqual([]);
  });

  it.each(both)(
    'see their own documents, conversations, members and figures only (%i, not %i)',
    async (mine, theirs) => {
      const { items } = await accounts[mine].get<{ items: Document[] }>('GET /api/documents');
      expect(items.map(({ id }) => id)).toEqual([documents[mine]]);
      for (const path of ['/api/conversations', '/api/organization/members', '/api/usage', '/api/limits'] as const) {
        const seen = JSON.stringify(await accounts[mine].get(`GET ${path}`));
        expect(seen).not.toContain(accounts[theirs].email);
        expect(seen).not.toContain(documents[theirs]);
        expect(seen).not.toContain(sums[theirs]);
      }
      const limits = await accounts[mine].get<{ documents: { used: number } }>('GET /api/limits');
      expect(limits.documents.used).toBe(1);
    },
  );

  it('can hold the same file, each its own', async () => {
    const ids = await Promise.all(accounts.map((account) => account.add('same.txt', 'The very same words in both.')));
    expect(new Set(ids).size).toBe(2);
    expect((await accounts[0].send(`DELETE /api/documents/${ids[0]}`)).status).toBe(204);
    expect(await accounts[1].get(`GET /api/documents/${ids[1]}`)).toMatchObject({ status: 'ready' });
    expect((await accounts[1].send(`GET /api/documents/${ids[1]}/content`)).status).toBe(200);
  });
});

describe("another organization's ids", () => {
  it('give nothing away in the body of a question or a search', async () => {
    const { conversationId } = await accounts[0].ask('How high is the penalty for late delivery?');
    await expectProblem(
      accounts[1].send('POST /api/ask', { json: { question: 'And after that?', conversationId } }),
      404,
    );
    for (const [path, json] of [
      ['/api/ask', { question: 'How high is the penalty for late delivery?' }],
      ['/api/search', { query: 'penalty' }],
    ] as const) {
      const response = await accounts[1].send(`POST ${path}`, { json: { ...json, documentIds: [documents[0]] } });
      expect(await response.text()).not.toContain(sums[0]);
    }
  });
});
