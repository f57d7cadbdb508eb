const generated =
  /^(?:изображение выглядит как|изображение, содержащее|на изображении может|a picture containing|a (?:close[ -]?up|screenshot|black|blue|white|logo)|description:|описание:|автоматически созданн|https?:)|(?:автоматически созданное описание|description automatically generated)|\.(?:png|jpe?g|gif|emf|wmf|bmp|tiff?|svg|webp)$/iu;

/** A person's description of a picture, as a line; undefined for names of files and what programs make up. */
export function alternativeText(description: string): string | undefined {
  const text = description.slice(0, 2000).replaceAll(/\s+/g, ' ').trim();
  const words = text.match(/\p{L}{2,}/gu)?.length ?? 0;
  return words >= 3 && !generated.test(text) ? `[${text}]` : undefined;
}
