import { fileURLToPath } from 'node:url';
import { mostKills } from '../../../platform/capabilities/disposable/index.ts';
import type { PictureInspector } from '../contract.ts';
import { checkPicture } from './check-picture.ts';
import type { PictureWork } from './picture-message.ts';
import { createPlaces } from './places.ts';
import { PictureProcessKilled, type PictureProcessOptions, runPictureProcess } from './run-picture-process.ts';

export interface PictureInspectorOptions extends Partial<PictureProcessOptions> {
  /** Processes side by side; other pictures wait. */
  atOnce?: number;
}

/**
 * What can be known without decoding is checked here; then each picture is decoded by a process of its own, which is killed when it
 * takes too long or too much memory. As part of a release it may read its own code only, loads sharp and no other native code,
 * writes no file, starts no process, and sees nothing of this process's environment. One that is killed from outside is replaced.
 * What is not the picture's fault (no process to start, an abort) rejects with the error as it came.
 */
export function createPictureInspector(options: PictureInspectorOptions = {}): PictureInspector {
  const { memoryMb = 220, timeoutMs = 20_000, patienceMs, atOnce = 2, folders = [], onEnd } = options;
  const entry = options.entry ?? fileURLToPath(new URL('./picture-process.ts', import.meta.url));
  const places = createPlaces(atOnce);

  const make = async (content: Buffer, work: PictureWork, signal: AbortSignal | undefined) => {
    const picture = checkPicture(content);
    using _place = await places.take(signal);
    for (let kills = 1; ; kills += 1) {
      signal?.throwIfAborted();
      try {
        const limits = { memoryMb, timeoutMs, patienceMs };
        return await runPictureProcess(content, picture, work, { entry, folders, ...limits, onEnd, signal });
      } catch (error) {
        if (!(error instanceof PictureProcessKilled) || kills === mostKills) throw error;
      }
    }
  };

  return {
    async inspect(content, signal) {
      const { isBlank, files } = await make(content, 'variants', signal);
      const original = files.find(({ variant }) => variant === 'original');
      if (!original) throw new Error('Inspect picture: no original');
      return {
        width: original.width,
        height: original.height,
        isBlank,
        files: files.map(({ bytes: _, ...file }) => file),
      };
    },
    async toJpeg(content, signal) {
      const { files } = await make(content, 'jpeg', signal);
      const [file] = files;
      if (!file) throw new Error('Inspect picture: no JPEG');
      return { width: file.width, height: file.height, content: file.content };
    },
  };
}
