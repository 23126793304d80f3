const name = 'a';
const limit = Number(process.env.LIMIT) || 5;
start(name, limit);
