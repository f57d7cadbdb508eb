/** Files that a process makes are its own, or its group's where the supervisor gave it groups for what it shares. */
export function keepFilesPrivate(): void {
  process.umask(process.env.PANDECT_UMASK ?? '077');
  delete process.env.PANDECT_UMASK;
}
