# syntax=docker/dockerfile:1
# The command itself, for machines without Python. In a clone of this project:
#
#   docker build --file docker/tool.Dockerfile --tag librechat-patcher .
#   docker run --rm --volume /opt/LibreChat:/app --user "$(id -u):$(id -g)" librechat-patcher status
#
# /app is one of the places where it looks for a checkout.

ARG PYTHON_VERSION=3.12

FROM python:${PYTHON_VERSION}-slim AS installed
WORKDIR /opt/librechat-patcher
COPY tools/lock.txt ./tools/lock.txt
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check \
      --require-hashes --no-deps --only-binary=:all: --requirement tools/lock.txt
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY patcher ./patcher
COPY patches ./patches
COPY fixtures/sample ./fixtures/sample
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps .

FROM python:${PYTHON_VERSION}-slim
# `matrix`, `capture` and `update` read git repositories.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends git \
 && rm -rf /var/lib/apt/lists/*
COPY --from=installed /venv /venv
ENV PATH=/venv/bin:$PATH
RUN useradd --create-home --uid 1000 patcher
USER patcher
WORKDIR /home/patcher
ENTRYPOINT ["librechat-patcher"]
