/** The part of Tesseract's own interface that is used here; the package comes without types. */
declare module 'tesseract.js-core/tesseract-core-relaxedsimd-lstm.wasm.js' {
  export interface TesseractApi {
    /** 0 when all went well. */
    Init(dataPath: string | null, languages: string, engine: number): number;
    SetVariable(name: string, value: string): boolean;
    /** Takes the image from the file `/input`. */
    SetImageFile(exifOrientation: number, angle: number): number;
    SetSourceResolution(dotsPerInch: number): void;
    Recognize(monitor: null): number;
    /** A row for each word, see `word-boxes.ts`. */
    GetTSVText(page: number): string;
    SetPageSegMode(mode: number): void;
    Clear(): void;
  }
  export interface TesseractModule {
    FS: { writeFile(path: string, content: Uint8Array): void; unlink(path: string): void };
    TessBaseAPI: new () => TesseractApi;
  }
  export default function createModule(options: {
    print?: (line: string) => void;
    printErr?: (line: string) => void;
  }): Promise<TesseractModule>;
}
