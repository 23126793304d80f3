import { Router } from 'express';

const router: Router = Router();
router.get('/', guard<Request>('models'), list);
router.post('/fetch', guard<Request>('models'), fetchModels);

export default router;
