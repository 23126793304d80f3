start();
stop();

start();
stop();
