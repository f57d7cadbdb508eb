/** What the edge needs to know of a site. */
export interface EdgeSite {
  name: string;
  /** Names of its pages; the first answers every path that no other page does. */
  entries: readonly string[];
}

/**
 * `operator.html` answers `/operator` and what is below it. A release without that page shows its first one, which says that the
 * address is unknown.
 * @param pattern of the path that the pages are served at, without a slash at its end @param at the same path
 */
export const renderOtherEntries = ({ entries }: Pick<EdgeSite, 'entries'>, pattern = '', at = pattern): string =>
  entries
    .slice(1)
    .map((entry) => ({ entry, name: entry.replace(/\.html$/, '') }))
    .map(
      ({ entry, name }) => `@entry-${name} path_regexp entry-${name} ^${pattern}/${name}(?:/|$)
	rewrite @entry-${name} ${at}/${entry}
	`,
    )
    .join('');

/** Any release of the site at an address of its own; it comes before the previews of functions. */
export const renderSitePreviews = (site: EdgeSite): string => `handle /_preview/${site.name}/* {
	@release path_regexp site ^/_preview/${site.name}/([a-z0-9]+)/
	handle @release {
		${renderOtherEntries(site, `/_preview/${site.name}/[a-z0-9]+`, `/_preview/${site.name}/{re.site.1}`)}uri strip_prefix /_preview/${site.name}/{re.site.1}
		root * {$PANDECT_RUN}/${site.name}/previews/{re.site.1}
		import page
		header Cache-Control no-store
		header X-Pandect-Preview {re.site.1}
		try_files {path} /index.html
		file_server
	}
	handle {
		error 404
	}
}
`;

/**
 * The routes of the site at `/`, see `platform/supervisor/sites`. A page is asked for again each time and is short; what it loads
 * has a hash in its name and is kept for a year. Only what is there is: a missing asset that a browser kept could never come back.
 * @param reserved first parts of paths that are no pages
 */
export const renderSite = (site: EdgeSite, reserved: readonly string[]): string => `handle /assets/* {
	root * {$PANDECT_RUN}/${site.name}
	import page
	@kept {
		file
		not path */
	}
	header @kept Cache-Control "public, max-age=31536000, immutable"
	file_server {
		precompressed br zstd gzip
	}
}

@reserved path ${reserved.flatMap((path) => [path, `${path}/*`]).join(' ')}
handle @reserved {
	error 404
}

@page method GET HEAD
handle @page {
	${renderOtherEntries(site)}root * {$PANDECT_RUN}/${site.name}/current
	import page
	header Cache-Control no-cache
	try_files {path} /index.html
	file_server {
		precompressed br zstd gzip
	}
}
`;
