import { Router } from 'express';

const router: Router = Router();
router.get('/', guard<Request>('models'), list);

export default router;
