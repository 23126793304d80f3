log('a', one.get(two.id));
log('b', one.self());
