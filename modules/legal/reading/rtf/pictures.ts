import type { Notice } from '../contract.ts';
import { alternativeText } from '../markup/alternative-text.ts';

/** About eight centimetres in twips: what is larger each way is no logo. */
const largePicture = 4536;
const twipsPerPixel = 15;
const hundredthsOfMillimetrePerTwip = 1.764;
const classesOfFormulas = /^(?:Equation|MathType)/i;

interface Picture {
  width: number;
  height: number;
  scaleX: number;
  scaleY: number;
  goalX: number;
  goalY: number;
  isMetafile: boolean;
}

const newPicture = (): Picture => ({
  ...{ width: 0, height: 0, scaleX: 100, scaleY: 100, goalX: 0, goalY: 0 },
  isMetafile: false,
});

const sizes: Record<string, Exclude<keyof Picture, 'isMetafile'>> = {
  picw: 'width',
  pich: 'height',
  picwgoal: 'goalX',
  pichgoal: 'goalY',
  picscalex: 'scaleX',
  picscaley: 'scaleY',
};

/** Pictures, drawn shapes and embedded objects: their texts, and notices of what is not read. */
export interface RtfPictures {
  openPicture(): void;
  closePicture(): void;
  pictureWord(word: string, value: number): void;
  openObject(): void;
  objectWord(word: string): void;
  addClass(text: string): void;
  closeObject(): void;
  /** A property of a shape or picture. @returns text that it shows */
  property(name: string, value: string): string | undefined;
}

export function createRtfPictures(notice: (kind: Notice['kind'], detail: string) => void): RtfPictures {
  let picture: Picture | undefined;
  const objects: { isControl: boolean; name: string }[] = [];
  return {
    openPicture() {
      picture = newPicture();
    },
    closePicture() {
      const found = picture;
      picture = undefined;
      // The picture of an object shows what the object's own notice tells of.
      if (found && objects.length === 0 && isLarge(found)) notice('picture-not-read', '');
    },
    pictureWord(word, value) {
      if (!picture) return;
      const size = sizes[word];
      if (size) picture[size] = value;
      else if (word === 'wmetafile' || word === 'emfblip' || word === 'macpict') picture.isMetafile = true;
    },
    openObject: () => void objects.push({ isControl: false, name: '' }),
    objectWord(word) {
      const object = objects.at(-1);
      if (object && word === 'objocx') object.isControl = true;
    },
    addClass(text) {
      const object = objects.at(-1);
      if (object) object.name = (object.name + text).slice(0, 100);
    },
    closeObject() {
      const object = objects.pop();
      if (!object || objects.length > 0) return;
      const name = object.name.trim() || 'OLE';
      if (object.isControl || /^Forms\./i.test(name)) notice('field-not-read', name);
      else notice(classesOfFormulas.test(name) ? 'part-not-read' : 'attachment-not-read', name);
    },
    property(name, value) {
      if (name === 'gtextUNICODE') return value.trim() || undefined;
      return name === 'wzDescription' ? alternativeText(value) : undefined;
    },
  };
}

function isLarge({ width, height, scaleX, scaleY, goalX, goalY, isMetafile }: Picture): boolean {
  const unit = isMetafile ? 1 / hundredthsOfMillimetrePerTwip : twipsPerPixel;
  const wide = ((goalX || width * unit) * scaleX) / 100;
  return wide >= largePicture && ((goalY || height * unit) * scaleY) / 100 >= largePicture;
}
