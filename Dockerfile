# The platform: supervisor, functions, workers and the app. PostgreSQL, Redis, Qdrant and Caddy run next to it (docker-compose.prod.yml).

FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
COPY client/package.json ./client/
COPY web/package.json ./web/
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

# The app needs a bundler, which the image does without: it is built here, and a platform takes it from the folder `built`.
FROM node:24.21.0-bookworm-slim AS app
WORKDIR /app
COPY package.json package-lock.json ./
COPY client/package.json ./client/
COPY web/package.json ./web/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json pandect.ts ./
COPY db ./db
COPY platform ./platform
COPY client ./client
COPY web ./web
RUN BUILD_NICENESS=0 node pandect.ts build web

FROM node:24.21.0-bookworm-slim
WORKDIR /app

# The volumes of docker-compose.prod.yml take the owner and mode of these folders when they are first used.
RUN groupadd --system --gid 10001 pandect \
  && useradd --system --uid 10001 --gid pandect --no-create-home --shell /usr/sbin/nologin pandect \
  && install --directory --owner=pandect --group=pandect --mode=700 \
    /var/lib/pandect /var/lib/pandect/run /var/lib/pandect/caddy

# What scans are recognized in, and what backups are made with: the programs of PostgreSQL have to be of the server's major version or newer
# (docker-compose.prod.yml), which Debian 12 does not have. With POSTGRES_APT=debian they are Debian's own, for a server of version 15.
ARG POSTGRES_MAJOR=17
ARG POSTGRES_APT=pgdg
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates postgresql-common \
  && if [ "$POSTGRES_APT" = pgdg ]; then /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y; fi \
  && apt-get install --yes --no-install-recommends tesseract-ocr-rus tesseract-ocr-eng restic openssh-client \
    "postgresql-client-$POSTGRES_MAJOR" \
  && rm -rf /var/lib/apt/lists/*

COPY --from=packages /app/node_modules ./node_modules
COPY package.json package-lock.json tsconfig.json Caddyfile pandect.ts ./
COPY db ./db
COPY modules ./modules
COPY platform ./platform
COPY functions ./functions
COPY workers ./workers
COPY web/site.ts ./web/
COPY --from=app /app/built ./built
# What `pandect serve` runs, a function or worker in each container.
RUN node pandect.ts build --units

# By the time of its build a start tells whether a source that was pushed is newer. REVISION is shown by `pandect releases`.
ARG REVISION=
RUN node --eval "const revision = process.env.REVISION || undefined; \
  fs.writeFileSync('.source.json', JSON.stringify({ from: 'image', at: new Date().toISOString(), revision }))"

ENV ENVIRONMENT=production
ENV PANDECT_HOME=/var/lib/pandect
ENV PANDECT_EDGE=external
ENV LOG_STDOUT=true

USER pandect
VOLUME ["/var/lib/pandect"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=10s --start-period=90s --retries=3 CMD ["node", "pandect.ts", "ps", "--check"]
ENTRYPOINT ["node", "pandect.ts"]
CMD ["up"]
