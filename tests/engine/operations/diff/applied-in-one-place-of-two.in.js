start();
check();
stop();

start();
stop();
