/**
 * Type-checks one project of a checkout with the checkout's own TypeScript, as it is and as it
 * was, and prints what only the patched state has.
 *
 * Arguments: the folder of TypeScript, the project's tsconfig.json. Standard input: JSON, absolute
 * path to the original text, or null for a file that the patch added. Standard output: a JSON list
 * of `{ file, line, message }`. Nothing is written.
 */
const fs = require('fs');
const path = require('path');

const [, , library, config] = process.argv;
const ts = require(library);
const originals = JSON.parse(fs.readFileSync(0, 'utf8'));

const parsed = ts.getParsedCommandLineOfConfigFile(
  config,
  { noEmit: true, incremental: false, composite: false, tsBuildInfoFile: undefined },
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail },
);

function fail(diagnostic) {
  process.stderr.write(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
  process.exit(2);
}

/** A compiler host that sees the originals in place of the patched files. */
function originalHost(options) {
  const host = ts.createCompilerHost(options);
  const original = (file) => originals[path.resolve(file)];
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (file) => original(file) !== null && fileExists(file);
  host.readFile = (file) => original(file) ?? readFile(file);
  host.getSourceFile = (file, target, ...rest) => {
    const text = original(file);
    if (text === null) {
      return undefined;
    }
    return text === undefined
      ? getSourceFile(file, target, ...rest)
      : ts.createSourceFile(file, text, target);
  };
  return host;
}

function findings(names, host) {
  const program = ts.createProgram(names, parsed.options, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => ({
    file: diagnostic.file ? diagnostic.file.fileName : '',
    line: diagnostic.file
      ? diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start).line + 1
      : 0,
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, ' '),
  }));
}

const after = findings(parsed.fileNames);
let fresh = after;
if (after.length > 0) {
  const names = parsed.fileNames.filter((file) => originals[path.resolve(file)] !== null);
  const before = findings(names, originalHost(parsed.options));
  const known = new Set(before.map(({ file, message }) => `${file}\0${message}`));
  fresh = after.filter(({ file, message }) => !known.has(`${file}\0${message}`));
}
process.stdout.write(JSON.stringify(fresh));
