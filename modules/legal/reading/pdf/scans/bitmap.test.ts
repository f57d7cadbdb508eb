import { expect, it } from 'vitest';
import { inkIn, type PagePicture, turned, turnedBack, WHITE, whole } from './bitmap.ts';

it.each([0, 1, 2, 3])('finds a box of a picture turned by %i quarters on the picture before that', (quarters) => {
  const picture: PagePicture = { width: 7, height: 5, pixels: new Uint8Array(35).fill(WHITE), dotsPerInch: 300 };
  // One box of ink, two pixels wide and one high.
  picture.pixels.fill(0, 1 * 7 + 4, 1 * 7 + 6);
  const copy = turned(picture, quarters);
  const places = [...copy.pixels.entries()].filter(([, value]) => value === 0).map(([at]) => at);
  const [xs, ys] = [places.map((at) => at % copy.width), places.map((at) => Math.floor(at / copy.width))];
  const box = {
    ...{ left: Math.min(...xs), right: Math.max(...xs) + 1 },
    ...{ top: Math.min(...ys), bottom: Math.max(...ys) + 1 },
  };
  const back = turnedBack(box, picture, quarters);
  expect(back).toEqual({ left: 4, right: 6, top: 1, bottom: 2 });
  expect(inkIn(picture, back)).toBe(inkIn(picture, whole(picture)));
});
