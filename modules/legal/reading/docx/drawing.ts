import type { TextFlow } from '../markup/text-flow.ts';
import { readXml, type XmlElement } from '../markup/xml-events.ts';
import { type DocxPart, wordNamespaces } from './parts.ts';

/** About eight centimetres, in the units of drawings (914,400 an inch): what is larger each way is no logo. */
const largePicture = 2_880_000;
const unitsPerPoint = 12_700;

/** Pictures, diagrams and charts as they are met; one may stand in a text box of another. */
export interface Drawing {
  alternative: string;
  isPicture: boolean;
  width: number;
  height: number;
}

export const newDrawing = (): Drawing => ({ alternative: '', isPicture: false, width: 0, height: 0 });

/** Takes what an element says of the drawing around it. */
export function setDrawingProperty(drawing: Drawing, element: XmlElement): void {
  const { name, attribute } = element;
  if (name === 'wp:extent') {
    drawing.width = Number(attribute('cx')) || 0;
    drawing.height = Number(attribute('cy')) || 0;
  } else if (name === 'wp:docPr') drawing.alternative = attribute('descr') ?? attribute('title') ?? '';
  else if (name === 'a:blip' || name === 'v:imagedata') drawing.isPicture = true;
  else if (name === 'v:shape' || name === 'v:rect') {
    drawing.alternative ||= attribute('alt') ?? '';
    const size = (side: string) =>
      Number(new RegExp(`(?:^|;)\\s*${side}:([\\d.]{1,9})pt`).exec(attribute('style')?.slice(0, 500) ?? '')?.[1] ?? 0);
    drawing.width ||= size('width') * unitsPerPoint;
    drawing.height ||= size('height') * unitsPerPoint;
  }
}

export const isLargePicture = ({ isPicture, width, height }: Drawing): boolean =>
  isPicture && width >= largePicture && height >= largePicture;

/** Writes the texts of a diagram's part, one line a point. */
export function readDiagram(part: DocxPart, flow: TextFlow): void {
  let inText = false;
  readXml(part.read(), wordNamespaces, {
    open({ name }) {
      inText = name === 'a:t';
    },
    close(name) {
      inText = false;
      if (name === 'a:p') flow.endParagraph({ tight: true });
    },
    text(text) {
      if (inText) flow.add(text);
    },
  });
}

/** Writes a chart's title and, a line a series, its values as the file keeps them: `2024: январь 100; февраль 110`. */
export function readChart(part: DocxPart, flow: TextFlow): void {
  const path: string[] = [];
  let series: { name: string; categories: string[]; values: string[] } | undefined;
  let point = 0;
  readXml(part.read(), wordNamespaces, {
    open({ name, attribute }) {
      path.push(name);
      if (name === 'c:ser') series = { name: '', categories: [], values: [] };
      if (name === 'c:pt') point = Math.min(Number(attribute('idx')) || 0, 10_000);
    },
    close(name) {
      path.pop();
      if (name === 'a:p') flow.endParagraph({ tight: true });
      if (name !== 'c:ser' || !series) return;
      const { categories, values } = series;
      const pairs = values.map((value, index) => [categories[index], value].filter(Boolean).join(' '));
      flow.add(`${series.name === '' ? '' : `${series.name}: `}${pairs.filter(Boolean).join('; ')}`);
      flow.endParagraph({ tight: true });
      series = undefined;
    },
    text(text) {
      const name = path.at(-1);
      if (name === 'a:t') flow.add(text);
      if (name !== 'c:v' || !series) return;
      if (path.includes('c:tx')) series.name += text;
      else if (path.includes('c:cat') || path.includes('c:xVal'))
        series.categories[point] = (series.categories[point] ?? '') + text;
      else if (path.includes('c:val') || path.includes('c:yVal'))
        series.values[point] = (series.values[point] ?? '') + text;
    },
  });
}
