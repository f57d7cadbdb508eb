import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pandect API</title>
<link rel="stylesheet" href="swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="swagger-ui-bundle.js"></script>
<script src="start.js"></script>
</body>
</html>
`;

const start = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#api', deepLinking: true, persistAuthorization: true });
`;

/** The page by the names of its files; what it loads besides is `docsAssets`. */
export const docsPage = { 'index.html': page, 'start.js': start };

/** Files of the package `swagger-ui-dist`. */
export const docsAssets = ['swagger-ui.css', 'swagger-ui-bundle.js'];

/** Writes the interactive API page; everything it needs is served from here, so that it works without a network. */
export async function writeDocsPage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  for (const name of docsAssets) await copyFile(join(assets, name), join(folder, name));
  for (const [name, text] of Object.entries(docsPage)) await writeFile(join(folder, name), text);
}
