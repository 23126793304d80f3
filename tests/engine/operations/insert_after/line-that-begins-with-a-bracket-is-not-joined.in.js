const one = 'a';
start();
stop('b');
