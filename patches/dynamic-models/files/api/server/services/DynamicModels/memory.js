/**
 * A map that forgets: each value has its own end, and the one used longest ago makes room when
 * there are too many or they weigh too much.
 * @template V
 */
class BoundedMap {
  /** @param {{ maxEntries: number, maxWeight?: number }} limits */
  constructor({ maxEntries, maxWeight = Infinity }) {
    this.maxEntries = maxEntries;
    this.maxWeight = maxWeight;
    this.weight = 0;
    /** @type {Map<string, { value: V, weight: number, until: number }>} */
    this.slots = new Map();
  }

  /** @param {string} key @returns {V | undefined} */
  get(key) {
    const slot = this.slots.get(key);
    if (!slot) {
      return undefined;
    }
    this.delete(key);
    if (slot.until <= Date.now()) {
      return undefined;
    }
    this.insert(key, slot);
    return slot.value;
  }

  /**
   * @param {string} key
   * @param {V} value
   * @param {number} ttl - Milliseconds.
   * @param {number} [weight]
   */
  set(key, value, ttl, weight = 1) {
    this.delete(key);
    this.insert(key, { value, weight, until: Date.now() + ttl });
    while (this.slots.size > this.maxEntries || this.weight > this.maxWeight) {
      this.delete(this.slots.keys().next().value);
    }
  }

  /** @param {string} key */
  delete(key) {
    this.weight -= this.slots.get(key)?.weight ?? 0;
    this.slots.delete(key);
  }

  /** @returns {string[]} The keys of what has not come to its end. */
  keys() {
    const now = Date.now();
    return [...this.slots].filter(([, { until }]) => until > now).map(([key]) => key);
  }

  /** @param {(key: string) => boolean} matches */
  deleteAll(matches) {
    [...this.slots.keys()].filter(matches).forEach((key) => this.delete(key));
  }

  /** @private The insertion order of a Map is the order of use here. */
  insert(key, slot) {
    this.slots.set(key, slot);
    this.weight += slot.weight;
  }
}

module.exports = { BoundedMap };
