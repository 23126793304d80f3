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
RUN touch before \
 && librechat-patcher apply --root . --only backend --only page --yes --quiet \
 && librechat-patcher verify --root . --only backend --only page --quiet
RUN mkdir changed \
 && find api client -type f -newer before -exec cp --parents '{}' changed ';'

# The image as it was, user, owners and command included, with one layer of changed files on top.
# The server prefers compressed copies of the page, which would still be those of the old one.
FROM ${LIBRECHAT_IMAGE}
RUN --mount=type=bind,from=patched,source=/checkout/changed,target=/changed \
    cp -R /changed/. /app/ \
 && rm -f /app/client/dist/index.html.gz /app/client/dist/index.html.br \
      /app/client/dist/sw.js.gz /app/client/dist/sw.js.br
