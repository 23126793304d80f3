const { RegExpParser } = require('@eslint-community/regexpp');

/** Longer repetitions count as unbounded: a hundred steps a character are linear, but slow. */
const BOUNDED = 100;
const CODE_POINTS = [
  ...Array.from({ length: 0x300 }, (_, code) => code),
  ...[0x2028, 0x2029, 0x202e, 0xd800, 0xfeff, 0x1f600],
];

/**
 * One thing that a text must go on with.
 * @typedef {Object} Atom
 * @property {Set<number>} set - What one character of it can be.
 * @property {number} min
 * @property {number} max
 */

/** @returns {Set<number>} By trying: which characters a single node of a pattern matches. */
function charactersOf({ raw }, flags) {
  const one = new RegExp(`^(?:${raw})$`, flags.replace(/[gy]/g, ''));
  return new Set(CODE_POINTS.filter((code) => one.test(String.fromCodePoint(code))));
}

const disjoint = (a, b) => ![...a].some((code) => b.has(code));
const isUnbounded = ({ max }) => max > BOUNDED;
const crossJoin = (left, right) => left.flatMap((a) => right.map((b) => [...a, ...b]));

/** @returns {Atom[][]} Every way to get through a sequence; `^` is an atom without a set. */
function pathsOf(elements, flags) {
  return elements.map((element) => pathsOfElement(element, flags)).reduce(crossJoin, [[]]);
}

function pathsOfElement(element, flags) {
  switch (element.type) {
    case 'Assertion':
      if (element.kind !== 'start' && element.kind !== 'end') {
        throw new Error(`${element.raw}: lookaround is not understood`);
      }
      return [[{ assertion: element.kind }]];
    case 'Group':
    case 'CapturingGroup':
      return element.alternatives.flatMap(({ elements }) => pathsOf(elements, flags));
    case 'Quantifier':
      return pathsOfQuantifier(element, flags);
    case 'Character':
    case 'CharacterClass':
    case 'CharacterSet':
      return [[{ set: charactersOf(element, flags), min: 1, max: 1 }]];
    default:
      throw new Error(`${element.raw}: a ${element.type} is not understood`);
  }
}

function pathsOfQuantifier({ element, min, max, raw }, flags) {
  if (element.type.startsWith('Character')) {
    return [[{ set: charactersOf(element, flags), min, max }]];
  }
  if (max !== 1) {
    throw new Error(`${raw}: a repeated group`);
  }
  const present = pathsOfElement(element, flags);
  return min === 0 ? [[], ...present] : present;
}

/** @param {Atom[]} path */
function checkPath(path) {
  const isAnchored = path[0]?.assertion === 'start';
  path.forEach((atom, index) => {
    if (!isUnbounded(atom)) {
      return;
    }
    const before = path.slice(0, index);
    const separates = (other) => other.min > 0 && disjoint(other.set, atom.set);
    for (const [at, other] of before.entries()) {
      const between = before.slice(at + 1);
      if (isUnbounded(other) && !disjoint(other.set, atom.set) && !between.some(separates)) {
        throw new Error('two repetitions share a text in many ways');
      }
    }
    if (!isAnchored && index < path.length - 1 && !before.some(separates)) {
      throw new Error('a repetition that can fail begins anywhere');
    }
  });
}

/**
 * Fails unless a regular expression takes time in proportion to the text, whatever the text. The
 * argument is about its structure, and errs on the side of refusing: no group is repeated, no two
 * repetitions can divide a text between them in more than one way, and without `^` a repetition
 * that something follows begins only where a character stands that it cannot contain.
 * @param {{ pattern: string, flags: string }} regex
 */
function assertLinear({ pattern, flags }) {
  const { alternatives } = new RegExpParser().parsePattern(pattern, undefined, undefined, {
    unicode: flags.includes('u'),
  });
  alternatives.flatMap(({ elements }) => pathsOf(elements, flags)).forEach(checkPath);
}

module.exports = { assertLinear };
