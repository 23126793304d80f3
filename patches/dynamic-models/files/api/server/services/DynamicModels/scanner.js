const { ModelsError } = require('./errors');

/**
 * A list of 5 MiB can hold 250 000 short models or 1.6 million empty objects: to parse them took
 * seconds. So the items are first found, by a scan that costs 10 ms, and then parsed one by one, in
 * slices that let the event loop go on, until there are enough of them. No release of LibreChat
 * carries a parser that reads JSON in pieces.
 */
const MAX_ITEMS = 10000;
const MAX_DEPTH = 64;
/** Bytes, and commas with opening brackets, of one item: OpenRouter's largest have 5 KB and 80. */
const MAX_ITEM_BYTES = 128 * 1024;
const MAX_ITEM_TOKENS = 2000;
const MAX_TOKENS = 200000;
/** Milliseconds. */
const SLICE = 10;
/** Of a value beside the list, such as the name of the next page. */
const MAX_FIELD_BYTES = 4096;

const [QUOTE, BACKSLASH, COMMA, COLON] = Buffer.from('"\\,:');
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = Buffer.from('{}[]');
const SPACE = 0x20;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Finds where things lie in a JSON text without parsing it. What it passes over may be wrong. */
class Scanner {
  /** @param {Buffer} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.at = bytes.indexOf(BOM) === 0 ? BOM.length : 0;
    this.tokens = 0;
    /** What stands beside the list, as far as it is short. */
    this.fields = {};
    this.isBare = false;
  }

  /** @returns {number | undefined} The next byte that is no space. */
  peek() {
    while (this.bytes[this.at] <= SPACE) {
      this.at += 1;
    }
    return this.bytes[this.at];
  }

  /** @param {number} byte @returns {boolean} Whether it was there and is passed. */
  take(byte) {
    const isThere = this.peek() === byte;
    this.at += isThere ? 1 : 0;
    return isThere;
  }

  passString() {
    const { bytes } = this;
    let at = this.at + 1;
    while (at < bytes.length && bytes[at] !== QUOTE) {
      at += bytes[at] === BACKSLASH ? 2 : 1;
    }
    this.at = at + 1;
  }

  /** Passes one value: it ends before the comma or bracket that belongs to what is around it. */
  passValue() {
    const { bytes } = this;
    let depth = 0;
    while (this.at < bytes.length) {
      const byte = bytes[this.at];
      if (byte === QUOTE) {
        this.passString();
        continue;
      }
      if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        depth += 1;
        this.tokens += 1;
      } else if (depth === 0 && (byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_LIST)) {
        return;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        depth -= 1;
      } else if (byte === COMMA) {
        this.tokens += 1;
      }
      if (depth > MAX_DEPTH) {
        break;
      }
      this.at += 1;
    }
    throw new ModelsError('invalid_response');
  }

  /** @returns {string | undefined} The value that is passed; undefined when it is too large. */
  passItem() {
    this.peek();
    const { at, tokens } = this;
    this.passValue();
    const isSmall = this.at - at <= MAX_ITEM_BYTES && this.tokens - tokens <= MAX_ITEM_TOKENS;
    return isSmall ? this.bytes.toString('utf8', at, this.at) : undefined;
  }

  /** Passes one member of an object. @param {string} list @returns {boolean} Whether it is the list. */
  passMember(list) {
    const from = this.at;
    this.passString();
    const name = this.bytes.toString('latin1', from, this.at);
    if (!this.take(COLON)) {
      throw new ModelsError('invalid_response');
    }
    if (name === `"${list}"` && this.take(OPEN_LIST)) {
      return true;
    }
    this.peek();
    const { at } = this;
    this.passValue();
    if (this.at - at <= MAX_FIELD_BYTES) {
      this.fields[name.slice(1, -1)] = this.bytes.toString('utf8', at, this.at);
    }
    return false;
  }

  /** Goes to the first item of the list: of the whole text, or of a member of it. */
  enterList(list) {
    this.isBare = this.take(OPEN_LIST);
    let isOpen = !this.isBare && this.take(OPEN_OBJECT);
    while (isOpen && this.peek() === QUOTE) {
      if (this.passMember(list)) {
        return;
      }
      isOpen = this.take(COMMA);
    }
    if (!this.isBare) {
      throw new ModelsError('invalid_response');
    }
  }

  /** @returns {Record<string, unknown>} What stands before and behind the list, which is passed. */
  readFields() {
    while (!this.isBare && this.take(COMMA) && this.peek() === QUOTE) {
      this.passMember('');
    }
    return Object.fromEntries(
      Object.entries(this.fields).map(([name, text]) => [name, parseItem(text)]),
    );
  }
}

/**
 * @param {Scanner} scanner
 * @param {string} list - The name of the member that holds the list.
 * @returns {Generator<string>} The texts of the items; those with too much in them are left out.
 */
function* itemTexts(scanner, list) {
  scanner.enterList(list);
  if (scanner.take(CLOSE_LIST)) {
    return;
  }
  for (let count = 0; count < MAX_ITEMS && scanner.tokens < MAX_TOKENS; count++) {
    const text = scanner.passItem();
    if (text !== undefined) {
      yield text;
    }
    if (scanner.take(CLOSE_LIST)) {
      return;
    }
    if (!scanner.take(COMMA)) {
      throw new ModelsError('invalid_response');
    }
  }
}

/** @param {string} text */
function parseItem(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new ModelsError('invalid_response');
  }
}

/** Readers of lists that want to go on: one of them does in each turn of the event loop. */
const waiting = [];

function wakeOne() {
  waiting.shift()();
  if (waiting.length > 0) {
    setImmediate(wakeOne);
  }
}

/** @returns {Promise<void>} Until it is this reader's turn, after whatever else is to be done. */
function takeTurn() {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) {
      setImmediate(wakeOne);
    }
  });
}

/** Lets the event loop, and other readers, go on whenever a slice of time is used up. */
function makePauses() {
  let began = -Infinity;
  return async () => {
    if (performance.now() - began > SLICE) {
      await takeTurn();
      began = performance.now();
    }
  };
}

module.exports = { Scanner, itemTexts, makePauses, parseItem };
