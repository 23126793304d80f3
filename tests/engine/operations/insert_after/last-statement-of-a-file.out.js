start('all', 1, 2);
stop();
