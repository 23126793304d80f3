const one = 'one';
check(req, 'all');
if (one) stop(req);
