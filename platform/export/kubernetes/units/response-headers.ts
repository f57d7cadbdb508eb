/** A header of the Gateway API's filters. */
export interface Header {
  name: string;
  value: string;
}

/**
 * The headers that the edge of one host sets on every answer, read from a snippet of the `Caddyfile` so that both are the same.
 * @throws Error where the snippet is not found
 */
export function snippetHeaders(caddyfile: string, snippet: string): Header[] {
  const body = new RegExp(`^\\(${snippet}\\) \\{\\n\\theader \\{\\n([^}]*)\\n\\t\\}`, 'm').exec(caddyfile)?.[1];
  if (body === undefined) throw new Error(`Export: Caddyfile: no snippet "${snippet}" with headers`);
  return body.split('\n').flatMap((line) => {
    const [, name, quoted, plain] = /^\t\t\??([A-Z][\w-]+) (?:"([^"]*)"|(\S+))$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, value: quoted ?? plain ?? '' }];
  });
}

/** Of answers of functions, which set none of these by themselves. */
export const responseHeaders = (caddyfile: string): Header[] => snippetHeaders(caddyfile, 'security_headers');

/** What the page of the API may load. @throws Error where the `Caddyfile` does not say that */
export function docsPolicy(caddyfile: string): string {
  const [, policy] =
    /handle_path \/api\/docs\/\* \{\n\t+header Content-Security-Policy "([^"]+)"/.exec(caddyfile) ?? [];
  if (policy === undefined) throw new Error('Export: Caddyfile: no Content-Security-Policy of /api/docs');
  return policy;
}
