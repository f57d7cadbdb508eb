import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectFormat, detectionBytes } from '../../modules/legal/reading/index.ts';
import { readyDocument } from '../../modules/testing/document.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { askScene } from './ask.fixture.ts';

/*
 * Questions about whole files, from upload to citation: with PANDECT_SAMPLES_DIR the set in its folder `field` (the README
 * there describes `manifest.jsonl`). Each file is alone in its organization.
 */

interface FieldFile {
  file: string;
  asks?: { q: string; right: string; wrong?: string }[];
}

const directory = process.env.PANDECT_SAMPLES_DIR && join(process.env.PANDECT_SAMPLES_DIR, 'field');
const manifest = directory && join(directory, 'manifest.jsonl');
const asked: FieldFile[] =
  manifest && existsSync(manifest)
    ? readFileSync(manifest, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line): FieldFile => JSON.parse(line))
        .filter(({ asks }) => asks)
    : [];
const oneLine = (text: string) => text.normalize('NFC').replaceAll('\u00ad', '').replaceAll(/\s+/g, ' ');

// No scene is made where there is nothing to ask: what skips all its tests closes nothing either.
const isThere = asked.length > 0;
describe.skipIf(!isThere)('files from the field (set PANDECT_SAMPLES_DIR to have them asked about)', async () => {
  const scene = isThere ? await askScene() : undefined;

  it.each(asked)('$file answers what is asked about it', async ({ file, asks = [] }) => {
    const { database, app, ask } = scene ?? expect.unreachable('no files');
    const content = readFileSync(join(directory as string, file));
    const format = detectFormat(content.subarray(0, detectionBytes), file) ?? expect.unreachable('format not detected');
    const org = await testOrganization(database);
    await readyDocument({ database, folder: app.folder, organizationId: org.id }, { fileName: file, format, content });
    for (const { q: question, right, wrong } of asks) {
      const { status, body } = await ask({ question }, org.owner);
      const said = [body.answer, ...body.citations.map(({ quote }: { quote: string }) => quote)].map(oneLine);
      expect({ status, answered: body.answered, question }).toEqual({ status: 200, answered: true, question });
      expect(said.some((text) => text.includes(right))).toBe(true);
      if (wrong) expect(said.join('\n')).not.toContain(wrong);
    }
  });
});
