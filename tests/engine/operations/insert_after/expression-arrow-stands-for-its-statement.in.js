const later = () => forget('key');
start(later);
