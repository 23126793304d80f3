const one = 'a';
start();
[one, two].forEach(stop);
stop('b');
