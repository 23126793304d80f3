# syntax=docker/dockerfile:1
# A published image of LibreChat with its server patched; docs/docker.md explains it. Anywhere:
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
# An edit that does not fit stops the build here.
RUN librechat-patcher apply --root . --only backend --yes --quiet \
 && librechat-patcher verify --root . --only backend --quiet

# The image as it was, user and command included, with one layer of server files on top.
FROM ${LIBRECHAT_IMAGE}
COPY --from=patched --chown=node:node /checkout/api /app/api
