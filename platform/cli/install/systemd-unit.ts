/** Where the installed parts stand; a prefix puts all of them below another folder. */
export const places = (prefix = '') => ({
  unit: `${prefix}/etc/systemd/system/pandect.service`,
  environment: `${prefix}/etc/pandect/environment`,
  connections: `${prefix}/etc/pandect/connections.nft`,
  command: `${prefix}/usr/local/bin/pandect`,
});

/** The exit status after `pandect down`, which systemd must not answer with a restart. */
export const ENDED_ON_REQUEST = 3;

/**
 * The systemd unit. Only the supervisor is systemd's to end: everything else survives its restart and is taken over by
 * the next one. It has no private view of the file system, since the command line and processes of an earlier start must
 * see the same sockets; and memory stays executable, as the JavaScript engine compiles. The bound on connections is loaded at each
 * start, as the kernel forgets it; it starts without it too.
 * @param project the checkout
 * @param home the folder that holds all state
 * @throws when a path has a quote or a backslash, which systemd does not take
 */
export function renderUnit({ project, home }: { project: string; home: string }): string {
  return `[Unit]
Description=Pandect, functions and workers that are replaced without losing a request
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStartPre=-+/usr/bin/env nft -f ${places().connections}
ExecStart=${quote(`${project}/scripts/pandect`)} up --keep
WorkingDirectory=${escaped(project)}
EnvironmentFile=-${places().environment}
KillMode=process
KillSignal=SIGTERM
TimeoutStopSec=60
Restart=always
RestartSec=2
RestartPreventExitStatus=${ENDED_ON_REQUEST}
SuccessExitStatus=${ENDED_ON_REQUEST}
Delegate=yes
DelegateSubgroup=supervisor
OOMPolicy=continue
LimitNOFILE=1048576
TasksMax=infinity
UMask=0022
NoNewPrivileges=yes
ProtectSystem=full
ReadWritePaths=-${quote(project)} -${quote(home)}
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectKernelTunables=yes
ProtectClock=yes
ProtectHostname=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target
`;
}

/** `%` begins a specifier in every setting. */
function escaped(path: string): string {
  if (/["'\\\n]/.test(path)) throw new Error(`Make systemd unit of "${path}": systemd takes no quotes or backslashes`);
  return path.replaceAll('%', '%%');
}

const quote = (path: string): string => `"${escaped(path)}"`;
