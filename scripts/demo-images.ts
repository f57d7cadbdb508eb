import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoClient } from './demo-client.ts';

interface ImageState {
  id: string;
  status: string;
  progress: { done: number; total: number } | null;
  reason: { message: string } | null;
  model: string;
  pictures: { width: number; height: number; files: Record<string, string> }[];
}

const prompt = 'A lighthouse in the fog, oil on canvas';

/** Has one picture made, shows how far it is, and writes it into a folder. False without a picture. */
export async function makePicture(client: DemoClient, folder: string): Promise<boolean> {
  const { status, body } = await client.post<ImageState & { detail?: string }>('/api/images', { prompt });
  if (status !== 202) {
    console.error(`Make picture: ${body.detail ?? status}`);
    return false;
  }
  console.log(`\nA picture: “${prompt}”`);
  let last: ImageState = body;
  let shown = '';
  for await (const state of client.events<ImageState>(`/api/images/${body.id}/events`)) {
    last = state;
    const steps = state.progress ? ` (step ${state.progress.done} of ${state.progress.total})` : '';
    const line = `  ${state.status}${steps}`;
    if (line !== shown) console.log(line);
    shown = line;
  }
  const [picture] = last.pictures;
  const address = picture?.files.original;
  if (last.status !== 'done' || !picture || !address) {
    console.error(`Make picture: it is "${last.status}"${last.reason ? `: ${last.reason.message}` : ''}`);
    return false;
  }
  const path = join(folder, `${last.id}.png`);
  await mkdir(folder, { recursive: true });
  await writeFile(path, await client.bytes(address));
  console.log(
    `  ${picture.width} × ${picture.height} by the model "${last.model}": ${path}\n  ${client.url}${address}`,
  );
  return true;
}
