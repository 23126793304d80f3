log('a', (one + two) * 2);
