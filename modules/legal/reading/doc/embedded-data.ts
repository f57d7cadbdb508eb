/*
 * What a character of a Word 97 document stands for in the stream `Data`: a picture ([MS-DOC] 2.9.190) or the state of a
 * form field (2.9.78).
 */

/** About eight centimetres in twips: what is larger each way is no logo. */
const largePicture = 4536;
/** The result of a form field in which nothing was chosen. */
const notChosen = 25;

/** Unknown sizes count as large: a notice too many is better than a page that is silently missing. */
export function isLargePicture(data: Buffer, offset: number): boolean {
  if (offset + 36 > data.length) return true;
  const side = (at: number) => (data.readInt16LE(offset + at) * data.readUInt16LE(offset + at + 4)) / 1000;
  return side(28) >= largePicture && side(30) >= largePicture;
}

/** What a form field shows: ☒, ☐ or the chosen entry. Undefined for text fields, and for data that cannot be read. */
export function formValue(data: Buffer, offset: number): string | undefined {
  try {
    const start = offset + data.readUInt16LE(offset + 4);
    const bits = data.readUInt16LE(start + 4);
    const [type, result] = [bits & 3, (bits >> 2) & 31];
    if (type === 0) return undefined;
    let position = start + 10;
    const skipText = () => {
      position += 2 + data.readUInt16LE(position) * 2 + 2;
    };
    skipText();
    const usual = data.readUInt16LE(position);
    const chosen = result === notChosen ? usual : result;
    if (type === 1) return chosen === 1 ? '☒' : '☐';
    position += 2;
    // Its format, help texts and programs.
    for (let text = 0; text < 5; text += 1) skipText();
    const count = data.readUInt16LE(position + 2);
    position += 6;
    for (let entry = 0; entry < count; entry += 1) {
      const length = data.readUInt16LE(position) * 2;
      if (entry === chosen) return data.subarray(position + 2, position + 2 + length).toString('utf16le');
      position += 2 + length;
    }
    return undefined;
  } catch {
    return undefined;
  }
}
