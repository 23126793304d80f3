start()
stop()
