import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { pinImages } from './pin-images.ts';

const compose = `services:
  postgres:
    image: postgres:17.11
  qdrant:
    image: qdrant/qdrant:v1.19.0-unprivileged
  pandect:
    image: pandect
  backup:
    image: pandect
`;
const digest = (character: string) => `sha256:${character.repeat(64)}`;

it('adds digests to versions, and tells which images have none', () => {
  const { text, unpinned } = pinImages(compose, `# today\npostgres:17.11@${digest('a')} # Debian\n\n`);
  const { services } = parse(text);
  expect(services.postgres.image).toBe(`postgres:17.11@${digest('a')}`);
  expect([services.qdrant.image, services.pandect.image]).toEqual(['qdrant/qdrant:v1.19.0-unprivileged', 'pandect']);
  expect(unpinned).toEqual(['qdrant/qdrant:v1.19.0-unprivileged']);
  expect(pinImages(compose, '').text).toBe(compose);
});

it('refuses what would pin another image than the one that was meant', () => {
  const lines = [
    `postgres:17.10@${digest('a')}`,
    `postgres@${digest('a')}`,
    'postgres:17.11',
    `postgres:17.11@${digest('a').slice(1)}`,
    `postgres:17.11@${digest('A')}`,
    `postgres:17.11@${digest('a')}`,
    `postgres:17.11@${digest('b')}`,
  ];
  expect(() => pinImages(compose, lines.join('\n'))).toThrow(
    [
      'Pin images: "postgres:17.10": the file has postgres:17.11, qdrant/qdrant:v1.19.0-unprivileged',
      ...lines
        .slice(1, 5)
        .map(
          (line) => `Pin images: "${line}": must be an image with version and digest, as in postgres:17.11@sha256:…`,
        ),
      'Pin images: "postgres:17.11": it has two digests',
    ].join('\n'),
  );
});
