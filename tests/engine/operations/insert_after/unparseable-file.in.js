start();
const a b;
