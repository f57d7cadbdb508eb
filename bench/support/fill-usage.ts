import type { Sql } from 'postgres';

export const PEOPLE = 10;
export const USAGE_ROWS = 1_000_000;

export interface MeteredOrganization {
  id: string;
  people?: string[];
}

/** A million things used over three months, with their totals. @returns seconds it took */
export async function fillUsage(owner: Sql, organizations: MeteredOrganization[]): Promise<number> {
  const began = performance.now();
  await owner`
    insert into users (organization_id, email, password_hash, role)
    select id, n || '@' || id, 'none', 'member' from organizations, generate_series(1, ${PEOPLE}) n`;
  const people = await owner<{ organizationId: string; ids: string[] }[]>`
    select organization_id as "organizationId", array_agg(id) as ids from users group by 1`;
  const byOrganization = new Map(people.map(({ organizationId, ids }) => [organizationId, ids]));
  for (const organization of organizations) organization.people = byOrganization.get(organization.id) ?? [];
  await owner`
    insert into usage_logs (organization_id, user_id, action, model, prompt_tokens, completion_tokens, cost, created_at)
    select organization_id, id, action, case action when 'ai_query' then (array['gpt-3.5-turbo', 'gpt-4'])[1 + n % 2] end,
      1500, 200, 0.125, now() - random() * interval '90 days'
    from users, generate_series(1, ${USAGE_ROWS / (organizations.length * PEOPLE)}) n,
      lateral (select (array['ai_query', 'search', 'document_upload'])[1 + n % 3] as action) chosen`;
  await owner`
    insert into usage_totals
    select organization_id, date_trunc('month', created_at at time zone 'UTC')::date, user_id, action, model,
      count(*), sum(prompt_tokens), sum(completion_tokens), 0, sum(cost)
    from usage_logs group by 1, 2, 3, 4, 5`;
  await owner`vacuum analyze`;
  // Or the server would still be writing all of it to disk while it is measured.
  await owner`checkpoint`;
  return (performance.now() - began) / 1000;
}
