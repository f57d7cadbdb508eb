import { ParseFailure } from '../contract.ts';

/** The whole text of a page that stands for content only some programs show has no more characters. */
const longest = 1_500;

const xfaCover =
  /please wait|if this message is not eventually replaced|подождите|если это сообщение не будет|adobe reader \d/iu;
const rightsCover =
  /protected (?:pdf|by (?:microsoft|azure|adobe))|(?:microsoft|azure) (?:information protection|purview|rights management|irm)|pdf file is protected|this (?:pdf )?document is protected|livecycle (?:rights|policy)|fileopen|vitrium|файл защищ[её]н (?:с помощью|службой)|служб[аы] управления правами/iu;

/** Whether the pages only say to wait for a form that the program would draw. */
export const isXfaCover = (text: string): boolean =>
  text.length < longest && (xfaCover.test(text) || text.trim() === '');

/** @throws ParseFailure `rights-managed` for the page that is shown in the place of protected content */
export function refuseRightsCover(text: string, pages: number): void {
  if (pages <= 2 && text.length < longest && rightsCover.test(text)) {
    throw new ParseFailure('rights-managed', 'Read PDF: it shows only the cover of a protected document');
  }
}
