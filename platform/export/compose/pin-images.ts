/** An image with its version and digest. */
const PINNED = /^([\w./-]+(?::\d+\/[\w./-]+)?:[\w.-]+)@(sha256:[0-9a-f]{64})$/;
/** Those that have a version; the platform's own is built from the checkout. */
const IMAGES = /^( +image: )(\S+:[\w.-]+)$/gm;

/**
 * A Compose file whose images keep their content, whatever becomes of their tags.
 * @param digests a line for each image, such as `postgres:17.11@sha256:…`; what follows a # is a comment
 * @returns the file, and the images that no line names
 * @throws Error with a line for each that is no image with a digest, or one that the file does not have in this version
 */
export function pinImages(text: string, digests: string): { text: string; unpinned: string[] } {
  const images = new Set([...text.matchAll(IMAGES)].map(([, , image]) => image as string));
  const known = new Map<string, string>();
  const mistakes: string[] = [];
  for (const line of digests.split('\n').map((each) => each.replace(/#.*/, '').trim())) {
    if (line === '') continue;
    const [, image = '', digest = ''] = PINNED.exec(line) ?? [];
    if (image === '')
      mistakes.push(`"${line}": must be an image with version and digest, as in postgres:17.11@sha256:…`);
    else if (!images.has(image)) mistakes.push(`"${image}": the file has ${[...images].join(', ')}`);
    else if ((known.get(image) ?? digest) !== digest) mistakes.push(`"${image}": it has two digests`);
    else known.set(image, digest);
  }
  if (mistakes.length > 0) throw new Error(mistakes.map((mistake) => `Pin images: ${mistake}`).join('\n'));
  const pinned = text.replaceAll(IMAGES, (line: string, field: string, image: string) => {
    const digest = known.get(image);
    return digest === undefined ? line : `${field}${image}@${digest}`;
  });
  return { text: pinned, unpinned: [...images].filter((image) => !known.has(image)) };
}
