import { join } from 'node:path';
import type { Sql } from 'postgres';
import { createTokenIssuer } from '../../../modules/people/identity/index.ts';
import { readPrivateKey, readPublicKey } from '../../../platform/capabilities/signing-keys/key-pair.ts';
import type { BenchPlatform } from '../platform.ts';

export interface ImagePerson {
  userId: string;
  organizationId: string;
  token: string;
}

const TOKEN_SECONDS = 3_600;
const PER_ORGANIZATION = 4;

/** So many people in organizations of four, straight into the database: to register each costs the time of a password hash. */
export async function addPeople({ owner, folders }: BenchPlatform, count: number): Promise<ImagePerson[]> {
  const keys = ['jwt-private.pem', 'jwt-public.pem'].map((name) => join(folders.keys, name));
  const [privatePath = '', publicPath = ''] = keys;
  const issuer = await createTokenIssuer(
    await readPrivateKey(privatePath),
    await readPublicKey(publicPath),
    TOKEN_SECONDS,
  );
  const users = await insertUsers(owner, count);
  const people: ImagePerson[] = [];
  for (const { userId, organizationId } of users) {
    const token = await issuer.issue({ userId, organizationId, role: 'owner' });
    people.push({ userId, organizationId, token });
  }
  return people;
}

const insertUsers = (owner: Sql, count: number) => owner<{ userId: string; organizationId: string }[]>`
  with made as (
    insert into organizations (name, tier)
    select 'Bench', 'enterprise' from generate_series(1, ${Math.ceil(count / PER_ORGANIZATION)}) returning id
  )
  insert into users (organization_id, email, password_hash, role, email_confirmed_at)
  select id, gen_random_uuid() || '@example.org', 'none', 'owner', now()
  from made, generate_series(1, ${PER_ORGANIZATION}) limit ${count}
  returning id as "userId", organization_id as "organizationId"`;
