import { join } from 'node:path';
import type { Sql } from 'postgres';
import { createFileIssuer } from '../../../modules/people/identity/file-issuer.ts';
import type { Home } from '../../../platform/services/home.ts';
import { createAccount } from '../http/client.ts';
import type { PlatformAccess } from '../platform.ts';
import { createText } from './text.ts';

/** Of a document, about 25 chunks. */
const CHARACTERS = 20_000;
const SIGNED_IN_SECONDS = 3_600;

/** Someone who is signed in, by what a request of theirs carries. */
export interface Person {
  headers: Record<string, string>;
  /** Of a search. */
  words(turn: number): string[];
}

/** Where they are: a platform with the folders of its home, and its database as the owner. */
interface Place extends PlatformAccess {
  folders: Pick<Home, 'keys'>;
  owner: Sql;
}

interface Gathering {
  organizations: number;
  /** Of each organization. */
  documents: number;
  questions: number;
}

/**
 * So many people in some organizations, each with documents and conversations. All but the owners are put into the database and given
 * tokens of the platform's own key, since a registration costs the time of a password hash.
 */
export async function gatherPeople(
  platform: Place,
  count: number,
  { organizations: places, documents, questions }: Gathering,
): Promise<Person[]> {
  const issuer = await createFileIssuer(join(platform.folders.keys, 'jwt-private.pem'), SIGNED_IN_SECONDS);
  const texts = [createText('ru', 1), createText('en', 2)] as const;
  const organizations: string[] = [];
  for (let index = 0; index < places; index++) {
    const account = await createAccount(platform);
    const text = createText(index % 2 === 0 ? 'ru' : 'en', index);
    for (let number = 0; number < documents; number++)
      await account.add(`contract-${number}.txt`, text.legalText(CHARACTERS));
    for (let number = 0; number < questions; number++) await account.ask(text.words(5).join(' '));
    const [user] = await platform.owner<{ organizationId: string }[]>`
      select organization_id as "organizationId" from users where email = ${account.email}`;
    organizations.push(user?.organizationId as string);
  }
  const users = await platform.owner<{ userId: string; organizationId: string }[]>`
    insert into users (organization_id, email, password_hash, role, email_confirmed_at)
    select (${organizations}::uuid[])[1 + n % ${places}], 'person-' || n || '@example.org', 'none', 'member', now()
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
