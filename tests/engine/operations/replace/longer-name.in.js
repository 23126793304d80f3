resend(models);
