const fs = require('fs');
const path = require('path');
const { parse, tokenizer } = require('acorn');
const { DIRECTORY } = require('./payload');

const OPTIONS = { ecmaVersion: 2022, sourceType: 'script', allowReturnOutsideFunction: true };

/** @returns {Array<{ name: string, code: string }>} The files of the payload. */
function payloadFiles() {
  return fs
    .readdirSync(DIRECTORY)
    .filter((name) => name.endsWith('.js'))
    .map((name) => ({ name, code: fs.readFileSync(path.join(DIRECTORY, name), 'utf8') }));
}

/** @param {string} code @returns {Array<{ pattern: string, flags: string }>} */
function regexLiterals(code) {
  return [...tokenizer(code, OPTIONS)]
    .filter(({ type }) => type.label === 'regexp')
    .map(({ value }) => ({ pattern: value.pattern, flags: value.flags }));
}

/**
 * @param {string} code
 * @param {(node: object, parents: object[]) => void} visit - Called for every node of its tree.
 */
function walk(code, visit) {
  const step = (node, parents) => {
    visit(node, parents);
    const children = Object.values(node)
      .flat()
      .filter((value) => typeof value?.type === 'string');
    children.forEach((child) => step(child, [node, ...parents]));
  };
  step(parse(code, OPTIONS), []);
}

module.exports = { payloadFiles, regexLiterals, walk };
