const load = () => 'all';
