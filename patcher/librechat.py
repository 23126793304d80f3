"""What this tool knows about LibreChat: facts only, and where LibreChat says so. Pure.

They hold for every release v0.7.0 to v0.8.8-rc1 where nothing else is said. What a patch looks for
stands in its definition, not here.
"""

from __future__ import annotations

import re

from msgspec import Struct

SHAPE = (
    "api/server/routes/models.js",
    "api/server/controllers/ModelController.js",
    "api/server/services/Config/loadConfigModels.js",
)
"""Files that every release has at these places, and that forks keep."""

PACKAGES = ("package.json", "api/package.json")
"""What tells name and version: the image of Dockerfile.multi may lack the first."""

BUILD_SCRIPT = "frontend"
"""The script of package.json that builds packages and client: `npm run frontend`."""


class Component(Struct, frozen=True):
    """A part of LibreChat that is patched on its own."""

    name: str
    folder: str
    """Of its package, with a `/` at its end."""
    sources: str
    """A folder that is there exactly where its sources are: a shipped image has only those of
    the backend."""
    also: tuple[str, ...] = ()
    """Other folders that belong to it."""
    alias: str = ""
    """What `~` stands for in its imports: `_moduleAliases` of api/package.json, `paths` of
    client/tsconfig.json. Empty where there is no such alias."""
    output: str = ""
    """A file that its build writes: `main` of packages/data-provider/package.json, and what vite
    makes of client/. Empty where nothing is built."""
    tsconfig: str = ""
    """The project that its types are checked with; empty for plain JavaScript."""
    stands_in_for: str = ""
    """Another component that does the same from its sources; a tree gets one of the two."""


BACKEND = Component("backend", "api/", "api/server", alias="api")
DATA_PROVIDER = Component(
    "data-provider",
    "packages/data-provider/",
    "packages/data-provider/src",
    output="packages/data-provider/dist/index.js",
    tsconfig="packages/data-provider/tsconfig.json",
)
CLIENT = Component(
    "client",
    "client/",
    "client/src",
    also=("packages/client/",),
    alias="client/src",
    output="client/dist/index.html",
    tsconfig="client/tsconfig.json",
)
PAGE = Component("page", "client/dist/", "client/dist/assets", stands_in_for="client")
"""The client as vite has built it: all that a published image has of it."""
COMPONENTS = {c.name: c for c in (BACKEND, DATA_PROVIDER, CLIENT, PAGE)}
"""Name to component, in the order in which they are shown."""


def component_of(path: str) -> str:
    """The component that a path in a checkout belongs to by its place; empty for no known one."""
    found = [c for c in COMPONENTS.values() if path.startswith((c.folder, *c.also))]
    return max(found, key=lambda c: len(c.folder)).name if found else ""


ENV_FILE = ".env"
CONFIG_FILE = "librechat.yaml"
CONFIG_EXAMPLE = "librechat.example.yaml"
IN_CONTAINER = "/app"
"""Where the images have the checkout."""

CONFIG_PATH = "CONFIG_PATH"
"""Names another place, or a URL, of librechat.yaml."""
USE_REDIS, REDIS_URI = "USE_REDIS", "REDIS_URI"

SETTINGS_PREFIX = "DYNAMIC_MODELS_"
"""Begins the settings of the dynamic-models patch."""
ALLOW_HTTP = f"{SETTINGS_PREFIX}ALLOW_HTTP"
HTTPS_ONLY = f"{SETTINGS_PREFIX}HTTPS_ONLY"
ENABLED = f"{SETTINGS_PREFIX}ENABLED"

USER_PROVIDED = "user_provided"
"""In the place of a key or a URL of librechat.yaml: each user brings an own one."""
ENDPOINT_KEYS = ("name", "apiKey", "baseURL", "models")
"""Without one of them LibreChat leaves a custom endpoint out: loadConfigModels."""
BUILT_IN_ENDPOINTS = frozenset(
    {
        "azureOpenAI", "openAI", "google", "anthropic", "assistants", "azureAssistants", "agents",
        "custom", "bedrock", "gptPlugins", "bingAI", "chatGPTBrowser",
    }
)  # fmt: skip
"""EModelEndpoint of packages/data-provider/src/schemas.ts: a custom endpoint may not be called so,
and LibreChat refuses the whole file (the last three names: up to v0.8.1)."""

DEPLOY_COMPOSE = "deploy-compose.yml"
"""A compose file that every checkout has, and few use."""
IMAGE = r"(?:[\w.-]+(?::\d+)?/)*danny-avila/librechat(?:-dev)?(?:-api)?(?::([\w.-]+))?"
"""The names of the published images; the group is the tag."""

OLDEST_NODE = 18
"""The patched server is tested on Node 18 to 24; LibreChat's own images began with 18."""


def is_ollama(endpoint: str) -> bool:
    """Whether LibreChat asks an endpoint of this name itself, without a key (from v0.7.2 on)."""
    return endpoint.lower().startswith("ollama")


def loses_prices(version: str) -> bool:
    """Whether a release looks for prices of models where it has not put them: v0.8.2 to
    v0.8.5-rc1, without Redis."""
    match = re.fullmatch(r"v?0\.8\.(\d+)(-rc\d+)?", version)
    return match is not None and (int(match[1]) in (2, 3, 4) or match[0].endswith("0.8.5-rc1"))
