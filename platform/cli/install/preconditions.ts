import { existsSync } from 'node:fs';
import { serviceUser } from '../../services/service-user.ts';

/** @throws when this user or this host cannot have the service */
export async function assertInstallable(action: 'Install' | 'Uninstall'): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new Error(`${action} service: it needs root; run sudo ./scripts/pandect ${action.toLowerCase()}`);
  }
  // The folder is there exactly when systemd runs the machine; see sd_booted(3).
  if (!existsSync('/run/systemd/system')) {
    throw new Error(`${action} service: systemd does not run on this host; start the platform with ./scripts/up`);
  }
  if (action === 'Install') await serviceUser();
}
