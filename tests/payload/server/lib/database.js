/** The few operations of a MongoDB collection that the payload uses, in memory. */
class FakeCollection {
  constructor() {
    this.documents = new Map();
    this.indexes = [];
    this.reads = 0;
  }

  async createIndex(fields, options) {
    this.indexes.push({ fields, options });
  }

  async findOne({ _id }) {
    this.reads += 1;
    return this.documents.get(_id) ?? null;
  }

  async updateOne({ _id }, { $set }) {
    this.documents.set(_id, { _id, ...$set });
  }
}

/** @returns What `require('mongoose')` is, connected; `collections` outlive processes. */
function fakeMongoose(collections = new Map()) {
  const collection = (name) => {
    if (!collections.has(name)) {
      collections.set(name, new FakeCollection());
    }
    return collections.get(name);
  };
  return { connection: { readyState: 1, db: { collection } }, collections };
}

module.exports = { fakeMongoose };
