start();
stop();
}
