/** Where the installed parts stand; a prefix puts all of them below another folder. */
export const places = (prefix = '') => ({
  unit: `${prefix}/etc/systemd/system/pandect.service`,
  environment: `${prefix}/etc/pandect/environment`,
  connections: `${prefix}/etc/pandect/connections.nft`,
  command: `${prefix}/usr/local/bin/pandect`,
});

/** The exit status after `pandect down`, which systemd must not answer with a restart. */
export const ENDED_ON_REQUEST = 3;

interface UnitPlaces {
  /** The checkout. */
  project: string;
  /** The folder that holds all state. */
  home: string;
  /** Further folders that the settings name, such as that of backups. */
  writable?: readonly string[];
}

const capabilities = [
  ...[
    'CAP_CHOWN',
    'CAP_DAC_OVERRIDE',
    'CAP_DAC_READ_SEARCH',
    'CAP_FOWNER',
    'CAP_FSETID',
    'CAP_KILL',
    'CAP_SETGID',
    'CAP_SETUID',
  ],
  ...['CAP_SETPCAP', 'CAP_NET_BIND_SERVICE'],
  // The mount of a build, and messages to systemd that a child sends for this process.
  'CAP_SYS_ADMIN',
  // The memory of processes of other users.
  'CAP_SYS_PTRACE',
  // Their limits.
  'CAP_SYS_RESOURCE',
];

/**
 * The systemd unit. Only the supervisor is systemd's to end: everything else survives its restart and is taken over by
 * the next one. It has no private view of the file system, since the command line and processes of an earlier start must
 * see the same sockets; and memory stays executable, as the JavaScript engine compiles. The bound on connections is loaded at each
 * start, as the kernel forgets it; it starts without it too.
 *
 * systemd is told when the platform serves, and starts another supervisor when this one is silent. What that may do holds for every process
 * that it starts: other users and their groups, the files of all of them, ports below 1024, a mount that a build alone sees.
 * @throws when a path has a quote or a backslash, which systemd does not take
 */
export function renderUnit({ project, home, writable = [] }: UnitPlaces): string {
  return `[Unit]
Description=Pandect, functions and workers that are replaced without losing a request
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
TimeoutStartSec=1800
WatchdogSec=90
WatchdogSignal=SIGKILL
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
CapabilityBoundingSet=${capabilities.join(' ')}
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=mnt
SystemCallFilter=@system-service @mount
SystemCallErrorNumber=EPERM
ProtectSystem=full
ProtectHome=read-only
ReadWritePaths=${[project, home, ...writable].map((path) => `-${quote(path)}`).join(' ')}
PrivateDevices=yes
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
