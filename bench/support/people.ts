import { join } from 'node:path';
import { createFileIssuer } from '../../modules/people/identity/file-issuer.ts';
import { createAccount } from '../../tests/support/http/client.ts';
import type { BenchPlatform } from './platform.ts';
import { createText } from './text.ts';

const ORGANIZATIONS = 20;
const DOCUMENTS = 3;
/** Of a document, about 25 chunks. */
const CHARACTERS = 20_000;
const QUESTIONS = 2;
const SIGNED_IN_SECONDS = 3_600;

/** Someone who is signed in, by what a request of theirs carries. */
export interface Person {
  headers: Record<string, string>;
  /** Of a search. */
  words(turn: number): string[];
}

/**
 * So many people in twenty organizations, each with some documents and conversations. All but the owners are put into the database and given
 * tokens of the platform's own key, since a registration costs the time of a password hash.
 */
export async function gatherPeople(platform: BenchPlatform, count: number): Promise<Person[]> {
  const issuer = await createFileIssuer(join(platform.folders.keys, 'jwt-private.pem'), SIGNED_IN_SECONDS);
  const texts = [createText('ru', 1), createText('en', 2)] as const;
  const organizations: string[] = [];
  for (let index = 0; index < ORGANIZATIONS; index++) {
    const account = await createAccount(platform);
    const text = createText(index % 2 === 0 ? 'ru' : 'en', index);
    for (let number = 0; number < DOCUMENTS; number++)
      await account.add(`contract-${number}.txt`, text.legalText(CHARACTERS));
    for (let number = 0; number < QUESTIONS; number++) await account.ask(text.words(5).join(' '));
    const [user] = await platform.owner<{ organizationId: string }[]>`
      select organization_id as "organizationId" from users where email = ${account.email}`;
    organizations.push(user?.organizationId as string);
  }
  const users = await platform.owner<{ userId: string; organizationId: string }[]>`
    insert into users (organization_id, email, password_hash, role, email_confirmed_at)
    select (${organizations}::uuid[])[1 + n % ${ORGANIZATIONS}], 'person-' || n || '@example.org', 'none', 'member', now()
    from generate_series(0, ${count - 1}::int) n
    returning id as "userId", organization_id as "organizationId"`;
  return Promise.all(
    users.map(async (user, index) => ({
      headers: {
        authorization: `Bearer ${await issuer.issue({ ...user, role: 'member' })}`,
        'content-type': 'application/json',
      },
      words: () => texts[index % 2 === 0 ? 0 : 1].words(3),
    })),
  );
}
