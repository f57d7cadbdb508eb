const RELEASE_MS = 60_000;

/** Gives a file that was fetched to the browser to save, under the name that the server gave it. */
export function saveFile(response: Response, blob: Blob, fallback: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = fileNameOf(response.headers.get('content-disposition')) ?? fallback;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), RELEASE_MS);
}

/** The file name of a `Content-Disposition`, the extended form (RFC 5987) before the plain one. */
export function fileNameOf(disposition: string | null): string | undefined {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1];
  if (extended) {
    try {
      return decodeURIComponent(extended);
    } catch {
      // Not in the form that it claims: the plain name follows
    }
  }
  return /filename="([^"]+)"/i.exec(disposition ?? '')?.[1];
}
