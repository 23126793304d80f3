const limits = read('limits').filter(Boolean);
