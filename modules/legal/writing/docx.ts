import { Document, type IPropertiesOptions, type IRunOptions, Packer, TextRun } from 'docx';
import { directedPieces, printable } from './printable.ts';

type RunStyle = Omit<IRunOptions, 'text' | 'children' | 'rightToLeft' | 'break'>;

/** Any text as runs of a paragraph: printable, each direction by itself, and line ends as line breaks. */
export const docxRuns = (text: string, style: RunStyle = {}): TextRun[] =>
  printable(text)
    .split('\n')
    .flatMap((line, index) => {
      const runs = directedPieces(line).map((piece) => ({ text: piece.text, rightToLeft: piece.isRightToLeft }));
      if (index > 0 && runs.length === 0) runs.push({ text: '', rightToLeft: false });
      return runs.map((run, at) => new TextRun({ ...style, ...run, ...(index > 0 && at === 0 && { break: 1 }) }));
    });

/** Half-points. */
const TEXT_SIZE = 24;
const NOTE_SIZE = 20;

/** A Word document in the letters and sizes of ours. */
export const writeDocx = ({ title, ...options }: IPropertiesOptions): Promise<Buffer> =>
  Packer.toBuffer(
    new Document({
      ...{ creator: 'Pandect', lastModifiedBy: 'Pandect', title: printable(title ?? '') },
      styles: {
        default: {
          document: { run: { font: 'Times New Roman', size: TEXT_SIZE }, paragraph: { spacing: { after: 120 } } },
          footnoteText: { run: { size: NOTE_SIZE } },
        },
      },
      ...options,
    }),
  );
