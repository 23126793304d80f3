start();
stop();
start();
