const later = () => forget('key');
done('all');
start(later);
