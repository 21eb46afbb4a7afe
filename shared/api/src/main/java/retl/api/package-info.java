/** Between API Gateway and the core: events, routes, callers, problems, idempotency, cursors. */
@NullMarked
package retl.api;

import org.jspecify.annotations.NullMarked;
