# syntax=docker/dockerfile:1
# LibreChat, patched and built from its sources; docs/docker.md explains it. In the checkout:
#
#   docker build --build-context patcher=../librechat-patcher \
#     --file ../librechat-patcher/docker/from-source.Dockerfile --tag librechat-patched .

# As the first FROM of the checkout's own Dockerfile: 18 up to v0.7.2, 20 up to v0.8.6.
ARG NODE_VERSION=24.16.0
ARG PYTHON_VERSION=3.12

# Stands for the folder that `--build-context patcher=` names. LibreChat's .dockerignore keeps
# `librechat*` out of its own build context, so the patcher cannot lie in the checkout.
FROM scratch AS patcher

FROM python:${PYTHON_VERSION}-slim AS patched
WORKDIR /opt/librechat-patcher
COPY --from=patcher pyproject.toml hatch_build.py README.md LICENSE ./
COPY --from=patcher patcher ./patcher
COPY --from=patcher patches ./patches
COPY --from=patcher fixtures/sample ./fixtures/sample
RUN pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore \
      --prefer-binary .
WORKDIR /checkout
COPY . .
# An edit that does not fit stops the build here, minutes before the frontend would be built.
RUN librechat-patcher apply --root . --yes --quiet \
 && librechat-patcher verify --root . --quiet

FROM node:${NODE_VERSION}-alpine AS node
# What LibreChat's own image has: jemalloc, and Python with uv for MCP servers.
RUN apk add --no-cache jemalloc python3 py3-pip uv
ENV LD_PRELOAD=/usr/lib/libjemalloc.so.2
RUN mkdir -p /app && chown node:node /app
WORKDIR /app
USER node
COPY --from=patched --chown=node:node /checkout/ ./
# Folders for the volumes of all releases, and an .env to mount over.
RUN touch .env \
 && mkdir -p client/public/images api/logs logs uploads skill data \
 && chmod 1777 data \
 && npm config set fetch-retry-maxtimeout 600000 \
 && npm config set fetch-retries 5 \
 && npm config set fetch-retry-mintimeout 15000 \
 && { npm ci --no-audit || npm install --no-audit; }
# LibreChat's own Dockerfile chains these with `;`, so a failed build still gives an image.
ARG NODE_MAX_OLD_SPACE_SIZE=6144
RUN rm -rf client/dist packages/data-provider/dist \
 && NODE_OPTIONS="--max-old-space-size=${NODE_MAX_OLD_SPACE_SIZE}" npm run frontend \
 && test -s client/dist/index.html \
 && test -s packages/data-provider/dist/index.js \
 && npm prune --production \
 && npm cache clean --force
EXPOSE 3080
ENV HOST=0.0.0.0
CMD ["npm", "run", "backend"]
