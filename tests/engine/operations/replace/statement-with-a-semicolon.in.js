const name = 'a';
const limit = 5;
start(name, limit);
