/** Any release of the site at an address of its own; it comes before the previews of functions. */
export const renderSitePreviews = (site: string): string => `handle /_preview/${site}/* {
	@release path_regexp site ^/_preview/${site}/([a-z0-9]+)/
	handle @release {
		uri strip_prefix /_preview/${site}/{re.site.1}
		root * {$PANDECT_RUN}/${site}/previews/{re.site.1}
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
 * @param site its name @param reserved first parts of paths that are no pages
 */
export const renderSite = (site: string, reserved: readonly string[]): string => `handle /assets/* {
	root * {$PANDECT_RUN}/${site}
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
	root * {$PANDECT_RUN}/${site}/current
	import page
	header Cache-Control no-cache
	try_files {path} /index.html
	file_server {
		precompressed br zstd gzip
	}
}
`;
