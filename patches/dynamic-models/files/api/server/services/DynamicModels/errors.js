/** Every code that the routes under `/api/models/fetch` can answer: its HTTP status and its default message. */
const CODES = {
  invalid_request: [400, 'The request is not valid.'],
  fetch_disabled: [400, 'Models of this endpoint are not fetched per user.'],
  no_user_key: [400, 'No key is stored for this endpoint.'],
  invalid_user_key: [400, 'The stored key cannot be used. Please save it again.'],
  expired_user_key: [400, 'The stored key has expired. Please save it again.'],
  insecure_url: [400, 'Models are fetched over HTTPS only.'],
  blocked_url: [400, 'Models are not fetched from this address.'],
  forbidden: [403, 'Administrators only.'],
  endpoint_not_found: [404, 'There is no such endpoint.'],
  too_many_requests: [429, 'Too many requests. Please try again later.'],
  internal_error: [500, 'The models could not be loaded.'],
  provider_unauthorized: [502, 'The provider refused the key.'],
  provider_error: [502, 'The provider could not be asked for its models.'],
  invalid_response: [502, 'The provider did not answer with a list of models.'],
  provider_timeout: [504, 'The provider did not answer in time.'],
};

/**
 * An error whose message may be shown to the user: it is written here or built from an HTTP
 * status or a system error code, never from a key, a URL or a provider's answer.
 */
class ModelsError extends Error {
  /**
   * @param {keyof CODES} code
   * @param {string} [message]
   */
  constructor(code, message) {
    super(message ?? CODES[code][1]);
    this.name = 'ModelsError';
    this.code = code;
    this.status = CODES[code][0];
  }

  /** @returns {{ code: string, message: string }} */
  toJSON() {
    return { code: this.code, message: this.message };
  }
}

/**
 * @param {unknown} error
 * @returns {ModelsError} The error itself when it is one of ours, else an anonymous one.
 */
function asModelsError(error) {
  return error instanceof ModelsError ? error : new ModelsError('internal_error');
}

module.exports = { ModelsError, asModelsError };
