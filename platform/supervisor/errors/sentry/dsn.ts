/** Where a project of a Sentry-compatible server takes events, and what it asks for. */
export interface SentryTarget {
  /** Of the endpoint for envelopes. */
  url: URL;
  /** The header `X-Sentry-Auth`. */
  auth: string;
}

/** @param dsn `https://<key>@<host>[/<path>]/<project>`, as the setting allows it @param client name and version of the sender */
export function sentryTarget(dsn: string, client: string): SentryTarget {
  const { protocol, host, pathname, username, password } = new URL(dsn);
  const [, path = '', project = ''] = /^(.*)\/(\d+)$/.exec(pathname) ?? [];
  const fields = {
    sentry_version: '7',
    sentry_client: client,
    sentry_key: username,
    // Servers of before 2016 made keys of two halves and want both.
    ...(password !== '' && { sentry_secret: password }),
  };
  return {
    url: new URL(`${protocol}//${host}${path}/api/${project}/envelope/`),
    auth: `Sentry ${Object.entries(fields)
      .map((field) => field.join('='))
      .join(', ')}`,
  };
}
