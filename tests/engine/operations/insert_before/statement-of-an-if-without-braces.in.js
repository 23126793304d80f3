const one = 'one';
if (one) stop(req);
