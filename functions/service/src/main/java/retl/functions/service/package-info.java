/** Health, the caller's workspace, tokens, the authorizer, and the answer to unknown routes. */
@NullMarked
package retl.functions.service;

import org.jspecify.annotations.NullMarked;
