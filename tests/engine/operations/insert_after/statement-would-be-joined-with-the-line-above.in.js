const one = 1
start()
