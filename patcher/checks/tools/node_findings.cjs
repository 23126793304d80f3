/**
 * Compiles CommonJS files as node would, without running them. Arguments: the files. Standard
 * output: a JSON object, file to error message, of those that do not compile.
 */
const fs = require('fs');
const vm = require('vm');

const wrapper = ['exports', 'require', 'module', '__filename', '__dirname'];
const findings = {};
for (const file of process.argv.slice(2)) {
  const source = fs.readFileSync(file, 'utf8').replace(/^\uFEFF?(#!.*)?/, '');
  try {
    vm.compileFunction(source, wrapper, { filename: file });
  } catch (error) {
    findings[file] = error.message;
  }
}
process.stdout.write(JSON.stringify(findings));
