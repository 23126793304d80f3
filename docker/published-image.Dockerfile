# syntax=docker/dockerfile:1
# A published image of LibreChat with its server and its page patched; docs/docker.md explains it:
#
#   docker build --build-arg LIBRECHAT_IMAGE=registry.librechat.ai/danny-avila/librechat:v0.8.4 \
#     --file docker/published-image.Dockerfile --tag librechat-patched PATH_OF_LIBRECHAT_PATCHER
#
# For `librechat` and for `librechat-api`, which has no Python: the patching is done elsewhere.

ARG LIBRECHAT_IMAGE=registry.librechat.ai/danny-avila/librechat:v0.8.4
ARG PYTHON_VERSION=3.12

FROM ${LIBRECHAT_IMAGE} AS published

FROM python:${PYTHON_VERSION}-slim AS patched
WORKDIR /opt/librechat-patcher
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY patcher ./patcher
COPY patches ./patches
COPY fixtures/sample ./fixtures/sample
RUN pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore \
      --prefer-binary .
WORKDIR /checkout
COPY --from=published /app/api/package.json ./api/package.json
COPY --from=published /app/api/models ./api/models
COPY --from=published /app/api/server ./api/server
COPY --from=published /app/client/dist ./client/dist
# What does not fit, in the server or in the page, stops the build here.
RUN librechat-patcher apply --root . --only backend --only page --yes --quiet \
 && librechat-patcher verify --root . --only backend --only page --quiet
# Of the client only what was changed: two files at most, and the script.
RUN mkdir -p changed/client/dist/assets && cp -R api changed/api \
 && cp client/dist/index.html changed/client/dist/ \
 && if [ -e client/dist/sw.js ]; then cp client/dist/sw.js changed/client/dist/; fi \
 && cp client/dist/assets/dynamic-models.* changed/client/dist/assets/

# The image as it was, user and command included, with one layer of changed files on top.
FROM ${LIBRECHAT_IMAGE}
COPY --from=patched --chown=node:node /checkout/changed /app
