function load(req) { check(req);
return req.models || 'none'; }
