const twice = limit * 2;
