import { describe, expect, it } from 'vitest';
import type { Operation } from '../providers/adapter.ts';
import { readPassedUsage, readSubtitles } from './passed-usage.ts';

describe('readPassedUsage', () => {
  it.each<[Operation, object, object | undefined]>([
    ['speech', { usage: { input_tokens: 3, output_tokens: 9 } }, { input: 3, output: 9 }],
    ['speech', { usage: { input_tokens: '3' } }, undefined],
    ['images', { data: [{}, {}] }, { input: 0, output: 0, images: 2 }],
    ['images', { data: [{}], usage: { input_tokens: 1, output_tokens: 2 } }, { input: 1, output: 2, images: 1 }],
    ['transcription', { usage: { type: 'duration', seconds: 2.2 }, duration: 9 }, { input: 0, output: 0, seconds: 3 }],
    ['transcription', { duration: 8.5 }, { input: 0, output: 0, seconds: 9 }],
    [
      'transcription',
      { usage: { type: 'tokens', input_tokens: 5, output_tokens: 2 }, duration: 8 },
      { input: 5, output: 2 },
    ],
    ['transcription', { text: 'Hi', duration: -1 }, undefined],
    ['rerank', { meta: { billed_units: { search_units: 3 } } }, { input: 0, output: 0, requests: 3 }],
    ['rerank', { usage: { total_tokens: 7 } }, { input: 7, output: 0 }],
    ['rerank', { meta: null, results: [] }, undefined],
  ])('of %s reads %j', (operation, answer, usage) => {
    expect(readPassedUsage(operation, answer as Record<string, unknown>)).toEqual(usage);
  });
});

it.each([
  ['1\n00:00:00,000 --> 00:00:02,400\nA\n\n2\n00:00:02,400 --> 01:00:04,000\nB\n', 3_605],
  ['WEBVTT\n\n00:00.000 --> 00:02.400\nGood morning.\n', 3],
  ['Good morning.', undefined],
])('reads the length of subtitles %j', (text, seconds) => {
  expect(readSubtitles(text)?.seconds).toBe(seconds);
});
