import { describe, expect, it } from 'vitest';
import { layerLines, withoutLines } from './layer-lines.ts';

const run = (str: string, y: number) => ({ str, transform: [12, 0, 0, 12, 72, y], hasEOL: true });
const view = [0, 0, 595, 842];

describe('layerLines', () => {
  it('tells a header, a footer and a stamp from a page of text, by the height that the lines take', () => {
    const stamp = layerLines([run('Envelope 123', 820), run('Page 1', 20)], view);
    expect(stamp.coverage).toBeLessThan(0.05);
    expect([stamp.upper, stamp.lower].map((runs) => runs.length)).toEqual([1, 1]);
    const lines = Array.from({ length: 40 }, (_, index) => run('text', 800 - index * 16));
    expect(layerLines(lines, view).coverage).toBeGreaterThan(0.5);
    // The same line in pieces is one line.
    expect(layerLines([...lines.slice(0, 1), ...lines.slice(0, 1)], view).coverage).toBeLessThan(0.03);
    expect(layerLines([], view).coverage).toBe(0);
  });
});

describe('withoutLines', () => {
  it('leaves out what the layer has, misread letters allowed for', () => {
    const layer = 'Подписано электронной подписью 12.03.2024\nEnvelope ID 4711';
    const recognized = 'Договор аренды\nПодписано злектронной подлисью 12.03.2024\nСрок: один год\nda';
    expect(withoutLines(recognized, layer)).toBe('Договор аренды\nСрок: один год\nda');
    expect(withoutLines('One\nTwo', '')).toBe('One\nTwo');
  });
});
