log('a', total(one + two));
