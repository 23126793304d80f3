const test = require('node:test');
const assert = require('node:assert/strict');
const { assertLinear } = require('./lib/linear');
const { payloadFiles, regexLiterals, walk } = require('./lib/source');

for (const { name, code } of payloadFiles()) {
  for (const regex of regexLiterals(code)) {
    test(`${name}: /${regex.pattern}/${regex.flags} takes linear time`, () => {
      assert.doesNotThrow(() => assertLinear(regex));
    });
  }

  test(`${name}: no regular expression is built at run time`, () => {
    walk(code, (node) => {
      const made = ['NewExpression', 'CallExpression'].includes(node.type) && node.callee.name;
      assert.notEqual(made, 'RegExp');
    });
  });
}

for (const slow of [
  /\/+$/,
  /^\s+|\s+$/g,
  /(a+)+$/,
  /^(?:ab?)*c/,
  /^\d+\d*x/,
  /^\w*-?\w*$/,
  /^.*,.*;$/,
  /\s*=/,
  /:[^/]*x/,
  /a{1,5000}$/,
  /(?=a+$)/,
  /(a)\1*$/,
]) {
  test(`the check refuses ${slow}`, () => {
    assert.throws(() => assertLinear({ pattern: slow.source, flags: slow.flags }));
  });
}

for (const quick of [/^\d+$/, /:\d+$/, /[\s,]+/, /^[a-z]+:\d*(?:\.\d+)?$/i, /\p{Cc}/u]) {
  test(`the check lets ${quick} pass`, () => {
    assert.doesNotThrow(() => assertLinear({ pattern: quick.source, flags: quick.flags }));
  });
}
