const fs = require('fs');
const path = require('path');
const vm = require('vm');
const { builtinModules } = require('module');

const DIRECTORY = path.join(
  __dirname,
  '../../../../patches/dynamic-models/files/api/server/services/DynamicModels',
);

function notFound(specifier) {
  const error = new Error(`Cannot find module '${specifier}'`);
  error.code = 'MODULE_NOT_FOUND';
  return error;
}

/**
 * Loads the payload as one LibreChat process would: with modules of its own, so that two calls
 * share nothing but what the fake host gives both.
 * @param {Record<string, any>} modules - What `require` finds, by specifier.
 * @param {(code: string, name: string) => string} [change] - Of the code of each file.
 * @returns {object} The exports of `index.js`, and `file(name)` for single files.
 */
function loadPayload(modules, change = (code) => code) {
  const loaded = new Map();
  const outside = [];

  function requireFrom(specifier) {
    if (specifier.startsWith('./')) {
      return file(specifier.slice(2));
    }
    if (builtinModules.includes(specifier)) {
      return require(specifier);
    }
    outside.push(specifier);
    if (!(specifier in modules)) {
      throw notFound(specifier);
    }
    return modules[specifier];
  }

  function file(name) {
    if (!loaded.has(name)) {
      const filename = path.join(DIRECTORY, `${name}.js`);
      const module = { exports: {} };
      loaded.set(name, module);
      const code = change(fs.readFileSync(filename, 'utf8'), name);
      const run = vm.compileFunction(code, ['module', 'exports', 'require'], { filename });
      run(module, module.exports, requireFrom);
    }
    return loaded.get(name).exports;
  }

  return { ...file('index'), file, loaded, outside };
}

module.exports = { DIRECTORY, loadPayload };
