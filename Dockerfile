# syntax=docker/dockerfile:1

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:24-slim
# tini passes SIGTERM on and reaps what is left: node as process 1 does neither. `docker run --init` would do as well.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates tini \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production LOOKPOST_STORE=file:/data
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
RUN install --directory --owner=node --group=node /data
USER node
VOLUME /data
# Longer than the worker's own grace of 25 s: `docker stop --time 40`.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s \
  CMD ["node", "dist/cli.js", "health", "--config", "/etc/lookpost/reports.yaml"]
# A small young generation: V8's default lets garbage pile up that a small VM has no room for.
ENTRYPOINT ["tini", "--", "node", "--max-semi-space-size=4", "dist/cli.js"]
CMD ["start", "--config", "/etc/lookpost/reports.yaml"]
