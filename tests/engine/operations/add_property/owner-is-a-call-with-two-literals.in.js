const options = merge({ one: 1 }, { two: 2 });
