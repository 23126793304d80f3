const all = 'all';
begin(...[]);
