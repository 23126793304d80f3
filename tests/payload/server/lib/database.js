/** The few operations of a MongoDB collection that the payload uses, in memory. */
class FakeCollection {
  /** @param {string} name */
  constructor(name) {
    this.documents = new Map();
    this.collectionName = name;
    this.indexes = [];
    this.reads = 0;
    /** Of every index that is asked for. */
    this.failure = undefined;
  }

  async createIndex(fields, options) {
    this.indexes.push({ fields, options });
    if (this.failure) {
      throw this.failure;
    }
  }

  async findOne({ _id }) {
    this.reads += 1;
    return this.documents.get(_id) ?? null;
  }

  async updateOne({ _id }, { $set }) {
    this.documents.set(_id, { _id, ...$set });
  }

  async deleteMany({ _id: { $gte, $lt } }) {
    const names = [...this.documents.keys()].filter((name) => name >= $gte && name < $lt);
    names.forEach((name) => this.documents.delete(name));
  }
}

/** LibreChat's mongoose model of stored keys, as far as it is asked for them here. */
class FakeKeys {
  /** @param {() => Array<{ userId: string, name: string, value: string, expiresAt?: Date }>} all */
  constructor(all) {
    this.all = all;
    this.collection = new FakeCollection('keys');
    this.queries = [];
    this.failure = undefined;
    this.gate = Promise.resolve();
  }

  find({ userId, name: { $in: names } }, fields) {
    this.queries.push({ userId, names });
    const project = (record) =>
      Object.fromEntries(Object.keys(fields).map((field) => [field, record[field]]));
    return {
      lean: async () => {
        if (this.failure) {
          throw this.failure;
        }
        // As a database reads: what is there now, whenever the answer arrives.
        const found = this.all().filter(
          (record) => record.userId === userId && names.includes(record.name),
        );
        await this.gate;
        return found.map(project);
      },
    };
  }
}

/** @returns What `require('mongoose')` is, connected; `collections` outlive processes. */
function fakeMongoose(collections = new Map()) {
  const collection = (name) => {
    if (!collections.has(name)) {
      collections.set(name, new FakeCollection(name));
    }
    return collections.get(name);
  };
  return { connection: { readyState: 1, db: { collection } }, collections };
}

module.exports = { FakeKeys, fakeMongoose };
