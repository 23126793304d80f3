const all = 'all';
start();
