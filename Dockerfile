# syntax=docker/dockerfile:1

# A tag moves: for builds that can be repeated, name the digest that you have tested, from `docker buildx imagetools inspect node:24-slim`:
# docker build --build-arg NODE_IMAGE=node:24-slim@sha256:... .
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json rolldown.config.ts ./
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM ${NODE_IMAGE}
# tini passes SIGTERM on and reaps what is left: node as process 1 does neither. `docker run --init` would do as well.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates tini \
  && rm -rf /var/lib/apt/lists/*
# LOOKPOST_COMMAND: how the commands in notices and logs are called. The host name is the container's id, or what `docker run --hostname` says.
ENV NODE_ENV=production LOOKPOST_STORE=file:/data LOOKPOST_COMMAND="docker exec {hostname} lookpost"
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY fonts ./fonts
# A small young generation: V8's default lets garbage pile up that a small VM has no room for. SIGUSR1 would open a debugger's port.
RUN printf '#!/bin/sh\nexec node --disable-sigusr1 --max-semi-space-size=4 /app/dist/cli.js "$@"\n' > /usr/local/bin/lookpost \
  && chmod 755 /usr/local/bin/lookpost \
  && install --directory --owner=node --group=node --mode=0700 /data
# Where reports.yaml is looked for, by the service and by `docker exec ... lookpost history`: mount the folder, since of a file that is
# mounted by itself no change is seen once an editor has replaced it.
WORKDIR /etc/lookpost
USER node
VOLUME /data
# Longer than the worker's own grace of 25 s: `docker stop --time 40`.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["lookpost", "health"]
ENTRYPOINT ["tini", "--", "lookpost"]
CMD ["start"]
