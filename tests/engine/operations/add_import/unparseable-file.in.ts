import request from './request';

<<<<<<< HEAD
export const get = () => request;
=======
export const get = () => request.get;
>>>>>>> theirs
