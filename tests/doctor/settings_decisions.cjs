// Prints, for each setting on standard input, what the patch's own settings.js makes of it.
const path = require('path');
const Module = require('module');

const [folder] = process.argv.slice(2);
const { cases } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
let warnings = 0;
const log = path.join(folder, 'log.js');
const settings = path.join(folder, 'settings.js');
require.cache[log] = Object.assign(new Module(log), {
  loaded: true,
  exports: { warnOnce: () => (warnings += 1) },
});

const judge = ([name, value]) => {
  process.env[name] = value;
  warnings = 0;
  delete require.cache[settings];
  const { allowHttp, httpsOnly } = require(settings).getSettings();
  delete process.env[name];
  return { invalid: warnings > 0, allowHttp, httpsOnly };
};
console.log(JSON.stringify(cases.map(judge)));
