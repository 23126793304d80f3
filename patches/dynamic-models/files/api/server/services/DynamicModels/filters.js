/**
 * @param {string} glob - `*` stands for any text, `?` for one character.
 * @param {string} text
 * @returns {boolean} Whether the whole text matches, without regard to case. Written as a loop with
 *   one step back, because a regular expression made of `*a*a*a*` takes exponential time.
 */
function globMatches(glob, text) {
  const pattern = glob.toLowerCase();
  const value = text.toLowerCase();
  let p = 0;
  let v = 0;
  let star = -1;
  let resume = 0;
  while (v < value.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = v;
    } else if (pattern[p] === '?' || pattern[p] === value[v]) {
      p++;
      v++;
    } else if (star !== -1) {
      p = star + 1;
      v = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') {
    p++;
  }
  return p === pattern.length;
}

/**
 * The globs that apply to one endpoint. `LiteLLM:gpt-*` applies to LiteLLM only; a colon after
 * anything that is not the name of an endpoint belongs to the model id (`llama3:8b`).
 * @param {string[]} globs
 * @param {string} endpoint
 * @param {string[]} allEndpoints
 */
function globsFor(globs, endpoint, allEndpoints) {
  const applicable = [];
  for (const glob of globs) {
    const owner = allEndpoints.find((name) =>
      glob.toLowerCase().startsWith(`${name.toLowerCase()}:`),
    );
    if (owner === undefined) {
      applicable.push(glob);
    } else if (owner === endpoint) {
      applicable.push(glob.slice(owner.length + 1));
    }
  }
  return applicable;
}

/**
 * @param {import('./settings').Settings} settings
 * @param {string} endpoint
 * @param {string[]} allEndpoints
 * @returns {(model: string) => boolean} Whether the administrator lets a fetched model through.
 */
function makeFilter(settings, endpoint, allEndpoints) {
  const include = globsFor(settings.include, endpoint, allEndpoints);
  const exclude = globsFor(settings.exclude, endpoint, allEndpoints);
  return (model) =>
    (include.length === 0 || include.some((glob) => globMatches(glob, model))) &&
    !exclude.some((glob) => globMatches(glob, model));
}

module.exports = { makeFilter };
