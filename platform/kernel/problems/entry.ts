/** One problem `type`. Texts are public; `{name}` in them is filled from the problem's parameters. */
export interface Entry {
  status: number;
  title: { en: string; ru: string };
  detail: { en: string; ru: string };
}

/** `en` and `ru` are title and detail. */
export const entry = (status: number, en: [string, string], ru: [string, string]): Entry => ({
  status,
  title: { en: en[0], ru: ru[0] },
  detail: { en: en[1], ru: ru[1] },
});
