import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An address that signs a browser in, once. */
export interface SignInLink {
  address: string;
  close(): void;
}

/**
 * Serves a link that signs in to the platform at `url` as the demo's account and leads to the app. It is no part of the platform: this
 * process knows the password, and gives the browser the cookie of a sign-in. Cookies belong to a host and not to a port, so that the one of
 * `localhost` reaches the platform as well.
 * @param url of a platform on this machine
 */
export async function serveSignInLink(url: string, login: { email: string; password: string }): Promise<SignInLink> {
  const path = `/${randomBytes(16).toString('base64url')}`;
  let isUsed = false;
  const server = createServer(async (request, response) => {
    response.setHeader('cache-control', 'no-store').setHeader('referrer-policy', 'no-referrer');
    if (request.method !== 'GET' || request.url !== path) return response.writeHead(404).end();
    if (isUsed)
      return response.writeHead(410).end('This link has been used. Sign in with the login that the demo printed.\n');
    isUsed = true;
    try {
      response.setHeader('set-cookie', await signIn(url, login));
      response.writeHead(303, { location: `${url}/` }).end();
    } catch (error) {
      isUsed = false;
      response.writeHead(502).end(`${(error as Error).message}\n`);
    }
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://localhost:${port}${path}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** @returns the cookies of a browser's session */
async function signIn(url: string, login: { email: string; password: string }): Promise<string[]> {
  const response = await fetch(new URL('/api/auth/login', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'pandect-session': 'cookie', origin: new URL(url).origin },
    body: JSON.stringify({ email: login.email, password: login.password }),
  });
  if (response.ok) return response.headers.getSetCookie();
  throw new Error(`Sign in as "${login.email}": ${response.status} ${await response.text()}`);
}
