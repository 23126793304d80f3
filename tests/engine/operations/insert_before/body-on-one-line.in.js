function load(req) { return req.models || 'none'; }
