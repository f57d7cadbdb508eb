import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { z } from 'zod';

/** The JSON body of a request as the schema has it. @throws HTTPException 400 naming what is wrong in it */
export async function readBody<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  const refused = (why: string) => new HTTPException(400, { message: `Read body of ${c.req.path}: ${why}` });
  const body: unknown = await c.req.json().catch(() => {
    throw refused('it is no JSON');
  });
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw refused(
    parsed.error.issues
      .map(({ path, message }) => [...path.map((key) => `"${String(key)}"`), message].join(': '))
      .join('; '),
  );
}
