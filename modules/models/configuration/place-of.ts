/** `routes.default.targets[1]`; names with dots or slashes stand in brackets: `models["yandexgpt/latest"].can`. */
export function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'document';
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      const name = String(part);
      if (!/^[\w-]+$/.test(name)) return `["${name}"]`;
      return index === 0 ? name : `.${name}`;
    })
    .join('');
}
