start('all', 1, 2);
