import { Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';

const COOKIE = 'pandect-session';
const problem = (type: string) =>
  new Response(JSON.stringify({ type: `urn:pandect:problem:${type}`, title: type, status: 401, detail: type }), {
    status: 401,
    headers: { 'content-type': 'application/problem+json' },
  });

/** Cookie sessions without mercy: a refresh token works once, and its second use ends the session. */
export function cookieSessions({ refreshMs = 0 }: { refreshMs?: number } = {}) {
  const app = new Hono();
  const state = { refreshes: 0, expiresIn: 1800, broken: undefined as number | undefined };
  let current: string | undefined;
  const valid = new Set<string>();
  const tokenFor = (user: string) => {
    const token = `h.${btoa(JSON.stringify({ sub: user, n: crypto.randomUUID() }))}.s`;
    valid.add(token);
    return token;
  };
  let user = 'anna';

  app.use('/api/auth/*', async (c, next) => {
    if (c.req.header('pandect-session') !== 'cookie') return c.text('not in cookie mode', 400);
    if (state.broken) return new Response('<h1>Bad gateway</h1>', { status: state.broken });
    return next();
  });
  const answer = (c: Parameters<typeof setCookie>[0]) => {
    current = crypto.randomUUID();
    setCookie(c, COOKIE, current, { httpOnly: true, path: '/api/auth' });
    return c.json({ accessToken: tokenFor(user), expiresIn: state.expiresIn });
  };
  app.post('/api/auth/login', async (c) => {
    const { email, password } = await c.req.json();
    if (password !== 'correct horse') return problem('invalid-credentials');
    user = email.split('@')[0];
    return answer(c);
  });
  app.post('/api/auth/refresh', async (c) => {
    state.refreshes += 1;
    const token = getCookie(c, COOKIE);
    if (!token || token !== current) {
      current = undefined;
      deleteCookie(c, COOKIE);
      return problem('invalid-refresh-token');
    }
    // A second request in the meantime would find the token used.
    current = 'none';
    await new Promise((resolve) => setTimeout(resolve, refreshMs));
    return answer(c);
  });
  app.post('/api/auth/logout', (c) => {
    current = undefined;
    valid.clear();
    deleteCookie(c, COOKIE);
    return c.body(null, 204);
  });
  app.all('/api/organization', async (c) => {
    const token = c.req.header('authorization')?.replace('Bearer ', '') ?? '';
    if (!valid.has(token)) return problem('unauthenticated');
    return c.json({ name: user, body: await c.req.text() });
  });
  return {
    fetch: app.fetch,
    state,
    /** Access tokens end early, as after a change of the password elsewhere. */
    refuseTokens: () => valid.clear(),
    /** The session ends on the server. */
    end() {
      valid.clear();
      current = undefined;
    },
  };
}
